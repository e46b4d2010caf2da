/** Runs that share a value as one row: mean and spread of their figures, opened to show them. Pure. */
import type { RunCell, RunTable } from '../../../../shared/domain/runTable'
import type { AttributeName } from '../../../../shared/filter/fields'
import { orderBy } from '../../../../shared/runOrder'
import type { Sort } from '../../components/table/column'
import type { RunColumn } from './columns'

/** Mean of `n` values and their sample standard deviation; null for one value. */
export interface Spread {
  mean: number
  sd: number | null
  n: number
}

/** What a column says of several runs: the value all share, the spread of a measured one, or how many there are. */
export type GroupCell = { shared: RunCell } | Spread | { different: number }

export interface GroupRow {
  kind: 'group'
  /** Its value as text; what is remembered as open. */
  key: string
  value: RunCell
  /** Places in the table, in order. */
  members: readonly number[]
  isOpen: boolean
}

export interface RunRow {
  kind: 'run'
  /** Its place in the table. */
  place: number
  depth: 0 | 1
}

export type TableRow = GroupRow | RunRow

/**
 * Rows in the order of `sort`; with `groupBy`, groups in the order of their means, open ones followed by their runs. A
 * run that shares its value with no other stands for itself.
 */
export function tableRows(
  table: RunTable,
  sort: Sort,
  groupBy: string | null,
  open: ReadonlySet<string>,
): TableRow[] {
  const sorted = orderBy(table.columns[sort.column] ?? [], sort.descending)
  const order = sorted.length === table.runs.length ? sorted : table.runs.map((_, i) => i)
  const values = groupBy === null ? undefined : table.columns[groupBy]
  if (!values) return order.map((place) => ({ kind: 'run', place, depth: 0 }))
  const members = new Map<string, number[]>()
  for (const place of order) {
    const key = keyOf(values[place]!)
    const group = members.get(key)
    if (group) group.push(place)
    else members.set(key, [place])
  }
  const groups = [...members].map(([key, places]): GroupRow => ({
    kind: 'group',
    key,
    value: values[places[0]!]!,
    members: places,
    isOpen: open.has(key),
  }))
  const ranks = orderBy(
    groups.map((group) => rankOf(group, table.columns[sort.column])),
    sort.descending,
  )
  return ranks.flatMap((rank): TableRow[] => {
    const group = groups[rank]!
    if (group.members.length === 1) return [{ kind: 'run', place: group.members[0]!, depth: 0 }]
    const runs = group.isOpen
      ? group.members.map((place): TableRow => ({ kind: 'run', place, depth: 1 }))
      : []
    return [group, ...runs]
  })
}

function keyOf(value: RunCell): string {
  return JSON.stringify(value)
}

function rankOf({ members }: GroupRow, cells: readonly RunCell[] | undefined): RunCell {
  const values = members.map((place) => cells?.[place] ?? null)
  return spread(values)?.mean ?? values[0] ?? null
}

export function groupCell(table: RunTable, column: RunColumn, places: readonly number[]): GroupCell {
  const cells = places.map((place) => table.columns[column.key]?.[place] ?? null)
  if (isMeasured(column)) return spread(cells) ?? { shared: null }
  const different = new Set(cells.map(keyOf)).size
  return different === 1 ? { shared: cells[0]! } : { different }
}

const MEASURED: readonly AttributeName[] = ['duration', 'rows_per_second', 'peak_memory']

/** Of settings, dates and counts a mean says nothing. */
export function isMeasured({ field }: Pick<RunColumn, 'field'>): boolean {
  return field.kind === 'metric' || (field.kind === 'attribute' && MEASURED.includes(field.name))
}

export function spread(cells: readonly RunCell[]): Spread | null {
  const values = cells.filter((cell): cell is number => typeof cell === 'number')
  const n = values.length
  if (n === 0) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : null, n }
}

/** What its runs are called, without what tells them apart. */
export function groupName(names: readonly string[]): string {
  const [first = ''] = names
  const plain = first.replace(/[,\s_-]*(?<![a-z])seed[\s_=-]*\d+/i, '').trim()
  return plain === '' ? first : plain
}
