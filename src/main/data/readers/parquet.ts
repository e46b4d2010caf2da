/**
 * Parquet files (Snappy, gzip, Zstandard, Brotli, LZ4 or not compressed), a row group in memory at a time. Nested
 * groups become columns with dots, as in JSON; times become ISO 8601, whole numbers beyond 2⁵³ texts.
 */
import { isUtf8 } from 'node:buffer'
import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { cancelled, UserError } from '../../../shared/errors'
import { toCells } from './cells'
import type { ReadHooks, Rejects, SourceRow } from './row'

/**
 * Row numbers count from 1.
 * @throws UserError('bad-input') where the file is cut off, damaged or encrypted, with the first row of the group
 */
export async function* readParquet(
  path: string,
  file: string,
  rejects: Rejects,
  hooks: ReadHooks,
): AsyncGenerator<SourceRow> {
  const buffer = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(buffer).catch((cause: unknown) => {
    throw unreadable(cause, file, null)
  })
  const total = Number(metadata.num_rows)
  const groups = groupColumns(metadata)
  let rowStart = 0
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows)
    const range = { rowStart, rowEnd, utf8: false }
    const rows = await parquetReadObjects({ file: buffer, metadata, compressors, ...range }).catch(
      (cause: unknown) => {
        throw unreadable(cause, file, rowStart + 1)
      },
    )
    for (const [i, value] of rows.entries()) {
      const row = rowStart + i + 1
      const bytes = Object.entries(value).find(([, cell]) => cell instanceof Uint8Array && !isUtf8(cell))
      if (bytes) {
        rejects.add(
          row,
          bytes[0],
          'holds bytes that are no text',
          Buffer.from(bytes[1] as Uint8Array).toString('hex'),
        )
        continue
      }
      // A group that is absent is no column of its own: its fields are.
      const present = Object.entries(value).filter(([name, cell]) => cell !== null || !groups.includes(name))
      const cells = toCells(asJson(Object.fromEntries(present)), row, rejects)
      if (cells) yield { row, cells }
    }
    if (hooks.signal?.aborted) throw cancelled()
    rowStart = rowEnd
    hooks.onProgress?.((buffer.byteLength * rowEnd) / Math.max(1, total), buffer.byteLength)
  }
}

/** Columns with fields of their own, lists and maps not among them. */
function groupColumns(metadata: FileMetaData): string[] {
  return parquetSchema(metadata)
    .children.filter(({ element, children }) => {
      const type = element.logical_type?.type ?? element.converted_type
      return children.length > 0 && type === undefined
    })
    .map(({ element }) => element.name)
}

function asJson(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value.toString()
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (value instanceof Date) return value.toISOString()
  if (value === undefined) return null
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>)
  if (Array.isArray(value)) return value.map(asJson)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asJson(inner)]))
}

function unreadable(cause: unknown, file: string, row: number | null): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new UserError('bad-input', `The Parquet file cannot be read: ${reason}`, {
    where: { file, ...(row !== null && { row }) },
    hint: 'It may have been cut off or damaged while it was copied; write it again, or export it as CSV.',
    cause,
  })
}
