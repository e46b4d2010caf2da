/** CSV and TSV: a header row, then records; quotes as in RFC 4180, lenient inside unquoted fields. */
import { Readable } from 'node:stream'
import { type CsvError, parse } from 'csv-parse'
import { UserError } from '../../../shared/errors'
import { tooLong } from './cells'
import { MAX_CELL_CHARACTERS, type Rejects, type SourceRow } from './row'

export interface DelimitedOptions {
  delimiter: string
  file: string
}

/**
 * Yields the rows; those with another number of fields than the header are rejected with the reason.
 * @throws UserError('bad-input') for an empty header, or a column name that occurs twice
 */
export async function* readDelimited(
  chunks: AsyncIterable<string>,
  options: DelimitedOptions,
  rejects: Rejects,
): AsyncGenerator<SourceRow> {
  let records = 0
  const parser = parse({
    delimiter: options.delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip(error, raw) {
      records++
      rejects.add(records, null, reasonOf(error), raw ?? '')
    },
  })
  const source = Readable.from(chunks)
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  let header: string[] | null = null
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      records++
      if (!header) {
        header = readHeader(record, options.file)
        continue
      }
      const cells = checkRecord(record, header, records, rejects)
      if (cells) yield { row: records, cells }
    }
  } finally {
    source.destroy()
    parser.destroy()
  }
}

function readHeader(record: readonly string[], file: string): string[] {
  const names = record.map((name, i) => name.trim() || `column_${i + 1}`)
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) {
      throw new UserError('bad-input', `The header has the column "${name}" twice.`, {
        where: { file, row: 1, field: name },
        hint: 'Rename one of the two in the first row.',
      })
    }
    seen.add(name)
  }
  return names
}

function checkRecord(
  record: readonly string[],
  header: readonly string[],
  row: number,
  rejects: Rejects,
): Record<string, string> | null {
  if (record.length !== header.length) {
    const fields = `${record.length} ${record.length === 1 ? 'field' : 'fields'}`
    rejects.add(row, null, `has ${fields}, the header has ${header.length}`, record.join(' | '))
    return null
  }
  const cells: Record<string, string> = {}
  for (let i = 0; i < header.length; i++) {
    const value = record[i]!
    if (value.length > MAX_CELL_CHARACTERS) {
      rejects.add(row, header[i]!, tooLong(value), value)
      return null
    }
    cells[header[i]!] = value
  }
  return cells
}

function reasonOf(error: CsvError | undefined): string {
  if (error?.code === 'CSV_QUOTE_NOT_CLOSED')
    return 'opens a quote that is never closed: the rest of the file is in it'
  return error ? `cannot be parsed: ${error.message}` : 'cannot be parsed'
}
