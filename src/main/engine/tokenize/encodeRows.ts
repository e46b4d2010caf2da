/** A whole split as flat arrays: what a run batches from and what the token cache stores. */
import { breathe } from '../../../shared/breathe'
import type { Encoding } from './encoding'
import { IdBuffer } from './idBuffer'
import type { EncodeOptions, Tokenizer } from './tokenizer'

export interface EncodedRows {
  /** The ids of all rows, one after the other. */
  ids: Int32Array
  /** Row r has the ids [offsets[r], offsets[r + 1]). */
  offsets: Int32Array
  /** Parallel to `ids`; null where every type is 0. */
  typeIds: Int32Array | null
  /** Parallel to `ids`: the word of the row each token is of, −1 for added special tokens; null where not asked for. */
  words: Int32Array | null
  /** Rows that `maxLength` cut. */
  truncatedRows: number
}

export interface EncodeRowsOptions extends EncodeOptions {
  onProgress?: (doneRows: number, totalRows: number) => void
  signal?: AbortSignal
}

const ROWS_BETWEEN_BREATHS = 256

/**
 * @param texts one text a row
 * @param pairs the second text of each row, for sentence pairs
 * @throws UserError('cancelled') on abort
 */
export async function encodeRows(
  tokenizer: Tokenizer,
  texts: readonly string[],
  pairs: readonly string[] | null = null,
  options: EncodeRowsOptions = {},
): Promise<EncodedRows> {
  const ids = new IdBuffer()
  const typeIds = new IdBuffer()
  const offsets = new Int32Array(texts.length + 1)
  const limit = options.maxLength ?? Infinity
  const unlimited: EncodeOptions = { ...options, maxLength: Number.MAX_SAFE_INTEGER }
  let truncatedRows = 0
  let hasTypes = false
  for (let row = 0; row < texts.length; row++) {
    const pair = pairs ? pairs[row]! : null
    let encoded = tokenizer.encodeIds(texts[row]!, pair, unlimited)
    if (encoded.ids.length > limit) {
      encoded = tokenizer.encodeIds(texts[row]!, pair, options)
      truncatedRows++
    }
    ids.append(encoded.ids)
    typeIds.append(encoded.typeIds)
    hasTypes ||= encoded.typeIds.some((type) => type !== 0)
    offsets[row + 1] = ids.length
    if (row % ROWS_BETWEEN_BREATHS === 0) {
      options.onProgress?.(row, texts.length)
      await breathe(options.signal)
    }
  }
  options.onProgress?.(texts.length, texts.length)
  return {
    ids: ids.data.slice(0, ids.length),
    offsets,
    typeIds: hasTypes ? typeIds.data.slice(0, ids.length) : null,
    words: null,
    truncatedRows,
  }
}

/** Rows that come as lists of words, or texts whose words the tokenizer finds: the same, with the word of each token. */
export async function encodeRowsByWord(
  tokenizer: Tokenizer,
  rows: readonly (string | readonly string[])[],
  options: EncodeRowsOptions = {},
): Promise<EncodedRows> {
  const ids = new IdBuffer()
  const words = new IdBuffer()
  const offsets = new Int32Array(rows.length + 1)
  const { maxLength = Infinity, signal, onProgress } = options
  let truncatedRows = 0
  for (const [row, content] of rows.entries()) {
    const whole = encodeWhole(tokenizer, content, {})
    const isCut = whole.ids.length > maxLength
    if (isCut) truncatedRows++
    const encoded = isCut ? encodeWhole(tokenizer, content, options) : whole
    ids.append(encoded.ids)
    words.append(encoded.wordIds.map((word) => word ?? -1))
    offsets[row + 1] = ids.length
    if (row % ROWS_BETWEEN_BREATHS === 0) {
      onProgress?.(row, rows.length)
      await breathe(signal)
    }
  }
  onProgress?.(rows.length, rows.length)
  return {
    ids: ids.data.slice(0, ids.length),
    offsets,
    typeIds: null,
    words: words.data.slice(0, ids.length),
    truncatedRows,
  }
}

function encodeWhole(
  tokenizer: Tokenizer,
  row: string | readonly string[],
  options: EncodeOptions,
): Encoding {
  return typeof row === 'string' ? tokenizer.encode(row, null, options) : tokenizer.encodeWords(row, options)
}
