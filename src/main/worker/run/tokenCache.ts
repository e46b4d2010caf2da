/**
 * Tokenized rows on disk, keyed by everything they depend on: data, split, columns, tokenizer, max_length. A file that is
 * not whole (its checksum differs) counts as absent.
 */
import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { EncodedRows } from '../../engine/tokenize/encodeRows'

const MAGIC = 'TSTOK1\n\0'
const DIGEST_BYTES = 32

export interface TokenCacheKey {
  dataSha256: string
  tokenizerSha256: string
  split: string
  columns: readonly (string | undefined)[]
  maxLength: number
  /** Whether the word of each token is kept too. */
  byWord: boolean
}

/** What follows the ids, as bits of the head. */
const HAS_TYPES = 1
const HAS_WORDS = 2

export function tokenCacheFile(cacheDir: string, key: TokenCacheKey): string {
  const name = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32)
  return join(cacheDir, `${name}.tokens`)
}

/** The rows of a cache file, or null where it is absent or damaged. */
export async function readTokenCache(file: string): Promise<EncodedRows | null> {
  const bytes = await readFile(file).catch(() => null)
  if (!bytes || bytes.length < MAGIC.length + DIGEST_BYTES + 16) return null
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null
  const digest = bytes.subarray(MAGIC.length, MAGIC.length + DIGEST_BYTES)
  const body = bytes.subarray(MAGIC.length + DIGEST_BYTES)
  if (!createHash('sha256').update(body).digest().equals(digest)) return null
  const words = new Int32Array(Uint8Array.from(body).buffer)
  const [rows, tokens, parts, truncatedRows] = words as unknown as [number, number, number, number]
  let at = 4 + rows + 1
  const next = (isThere = true) => (isThere ? words.subarray(at, (at += tokens)) : null)
  return {
    offsets: words.subarray(4, 4 + rows + 1),
    ids: next()!,
    typeIds: next((parts & HAS_TYPES) !== 0),
    words: next((parts & HAS_WORDS) !== 0),
    truncatedRows,
  }
}

/** Written beside its place and renamed into it, so that a reader never sees half a file. */
export async function writeTokenCache(file: string, rows: EncodedRows): Promise<void> {
  const count = rows.offsets.length - 1
  const { typeIds, words } = rows
  const flags = (typeIds ? HAS_TYPES : 0) | (words ? HAS_WORDS : 0)
  const head = Int32Array.of(count, rows.ids.length, flags, rows.truncatedRows)
  const parts = [head, rows.offsets, rows.ids, ...[typeIds, words].filter((part) => part !== null)].map(
    (part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
  )
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  await mkdir(join(file, '..'), { recursive: true })
  const draft = `${file}.${process.pid}.draft`
  try {
    const handle = await open(draft, 'w')
    try {
      for (const part of [Buffer.from(MAGIC, 'latin1'), hash.digest(), ...parts]) await handle.writeFile(part)
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
