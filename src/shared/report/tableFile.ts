/** The table of runs as a file: raw values under the keys of their columns, so that it can be read again. */
import type { RunCell, RunTable } from '../domain/runTable'
import { ATTRIBUTES, attributeNamed } from '../filter/fields'

export const TABLE_FORMATS = ['csv', 'json'] as const
export type TableFormat = (typeof TABLE_FORMATS)[number]

/** `places`: which runs, in which order. Every row begins with the run's id. */
export function tableFile(
  table: RunTable,
  places: readonly number[],
  columns: readonly string[],
  format: TableFormat,
): string {
  const names = columns.filter((name) => name !== 'id')
  const rows = places.map((place) => [
    table.runs[place]!,
    ...names.map((name) => plain(name, table.columns[name]?.[place] ?? null)),
  ])
  const head = ['id', ...names]
  if (format === 'csv') return [head, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')
  const objects = rows.map((row) => Object.fromEntries(row.map((cell, i) => [head[i]!, cell])))
  return `${JSON.stringify(objects, null, 2)}\n`
}

/** Dates as ISO 8601, everything else as it is. */
function plain(column: string, cell: RunCell): RunCell {
  const attribute = attributeNamed(column)
  const isDate = attribute !== undefined && ATTRIBUTES[attribute].type === 'date'
  return isDate && typeof cell === 'number' ? new Date(cell).toISOString() : cell
}

/** RFC 4180. */
function csvCell(cell: RunCell): string {
  const text = cell === null ? '' : typeof cell === 'object' ? cell.join(', ') : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}
