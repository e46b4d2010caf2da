/** A whole split as flat arrays: what a run batches from and what the token cache stores. */
import { breathe } from '../../../shared/breathe'
import { IdBuffer } from './idBuffer'
import type { EncodeOptions, Tokenizer } from './tokenizer'

export interface EncodedRows {
  /** The ids of all rows, one after the other. */
  ids: Int32Array
  /** Row r has the ids [offsets[r], offsets[r + 1]). */
  offsets: Int32Array
  /** Parallel to `ids`; null where every type is 0. */
  typeIds: Int32Array | null
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
    truncatedRows,
  }
}
