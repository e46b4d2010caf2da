/** Order of runs by a column: numbers by size, texts by their letters, tags as one text; missing values come last. */
import type { RunCell } from './domain/runTable'

/** Places of `cells` in order; equal ones keep theirs. */
export function orderBy(cells: readonly RunCell[], descending: boolean): number[] {
  const keys = cells.map(keyOf)
  return cells
    .map((_, i) => i)
    .sort((a, b) => {
      const x = keys[a] ?? null
      const y = keys[b] ?? null
      if (x === null || y === null) return Number(x === null) - Number(y === null)
      const order = compare(x, y)
      return descending ? -order : order
    })
}

function keyOf(cell: RunCell): number | string | null {
  if (cell === null || cell === '') return null
  if (typeof cell === 'number') return cell
  if (typeof cell === 'boolean') return Number(cell)
  return (typeof cell === 'string' ? cell : cell.join(', ')).toLowerCase()
}

/** A setting may be a number in one run and a text in another: numbers first. */
function compare(a: number | string, b: number | string): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}
