/** An object of any reader → the cells of a row. Objects inside become columns with dots: `meta.author`. */
import type { CellValue } from '../../../shared/domain/dataset'
import { MAX_CELL_CHARACTERS, type Rejects } from './row'

/** null where the row is refused; the reason is in `rejects`. */
export function toCells(value: unknown, row: number, rejects: Rejects): Record<string, CellValue> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    rejects.add(row, null, 'is not a JSON object', JSON.stringify(value))
    return null
  }
  const cells: Record<string, CellValue> = {}
  flatten(value as Record<string, unknown>, '', cells)
  for (const [field, cell] of Object.entries(cells)) {
    if (typeof cell === 'string' && cell.length > MAX_CELL_CHARACTERS) {
      rejects.add(row, field, tooLong(cell), cell)
      return null
    }
  }
  return cells
}

export function tooLong(value: string): string {
  const limit = MAX_CELL_CHARACTERS.toLocaleString('en')
  return `is ${value.length.toLocaleString('en')} characters long; the limit is ${limit}`
}

function flatten(value: Record<string, unknown>, prefix: string, into: Record<string, CellValue>): void {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
      flatten(inner as Record<string, unknown>, `${prefix}${key}.`, into)
    } else into[prefix + key] = Array.isArray(inner) ? inner.map(toListItem) : (inner as CellValue)
  }
}

function toListItem(value: unknown): CellValue {
  if (Array.isArray(value)) return value.map(toListItem)
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as CellValue)
}
