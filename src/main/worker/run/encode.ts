/** The rows of a split as token ids, from the cache where they have been tokenized before. */
import { UserError } from '../../../shared/errors'
import { type EncodedRows, encodeRows } from '../../engine/tokenize/encodeRows'
import type { TaskContext } from '../serve'
import type { Roles, SplitRows } from './dataset'
import { readTokenCache, tokenCacheFile, writeTokenCache } from './tokenCache'
import { prepareProgress, type RunTokenizer } from './tokenizer'

export interface EncodeSettings {
  dataSha256: string
  roles: Roles
  maxLength: number
  cacheDir: string
}

export async function encodeSplit(
  rows: SplitRows,
  { tokenizer, sha256 }: RunTokenizer,
  { dataSha256, roles, maxLength, cacheDir }: EncodeSettings,
  context: TaskContext,
): Promise<EncodedRows> {
  const file = tokenCacheFile(cacheDir, {
    dataSha256,
    tokenizerSha256: sha256,
    split: rows.split,
    columns: [roles.text, roles.text_pair ?? undefined, roles.label],
    maxLength,
  })
  const known = await readTokenCache(file)
  if (known?.offsets.length === rows.texts.length + 1) return known
  const progress = prepareProgress(context)
  const encoded = await encodeRows(tokenizer, rows.texts, rows.pairs, {
    maxLength,
    signal: context.signal,
    onProgress: (done, total) => progress(`Tokenizing the ${rows.split} rows`, done, total),
  })
  await writeTokenCache(file, encoded).catch((error: unknown) => {
    // The cache saves time next time; a run does not need it.
    const reason = error instanceof UserError || error instanceof Error ? error.message : String(error)
    context.log('warn', `tokenized rows were not cached: ${reason}`)
  })
  return encoded
}
