/** The rows of a split as token ids, from the cache where they have been tokenized before. */
import { UserError } from '../../../shared/errors'
import { type EncodedRows, encodeRows, encodeRowsByWord } from '../../engine/tokenize/encodeRows'
import type { TaskContext } from '../serve'
import type { Roles, SplitRows } from './dataset'
import { readTokenCache, tokenCacheFile, writeTokenCache } from './tokenCache'
import { prepareProgress, type RunTokenizer } from './tokenizer'

export interface EncodeSettings {
  dataSha256: string
  roles: Roles
  maxLength: number
  /** Whether the word of each token is wanted. */
  byWord: boolean
  cacheDir: string
}

export async function encodeSplit(
  rows: SplitRows,
  { tokenizer, sha256 }: RunTokenizer,
  { dataSha256, roles, maxLength, byWord, cacheDir }: EncodeSettings,
  context: TaskContext,
): Promise<EncodedRows> {
  const file = tokenCacheFile(cacheDir, {
    dataSha256,
    tokenizerSha256: sha256,
    split: rows.split,
    columns: [roles.text, roles.text_pair, roles.label, roles.tokens, roles.tags],
    maxLength,
    byWord,
  })
  const known = await readTokenCache(file)
  if (known?.offsets.length === rows.texts.length + 1) return known
  const progress = prepareProgress(context)
  const options = {
    maxLength,
    signal: context.signal,
    onProgress: (done: number, total: number) => progress(`Tokenizing the ${rows.split} rows`, done, total),
  }
  const encoded = byWord
    ? await encodeRowsByWord(tokenizer, rows.tokens ?? rows.texts, options)
    : await encodeRows(tokenizer, rows.texts, rows.pairs, options)
  await writeTokenCache(file, encoded).catch((error: unknown) => {
    // The cache saves time next time; a run does not need it.
    const reason = error instanceof UserError || error instanceof Error ? error.message : String(error)
    context.log('warn', `tokenized rows were not cached: ${reason}`)
  })
  return encoded
}
