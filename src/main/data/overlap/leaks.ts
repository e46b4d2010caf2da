/** Which rows of a dataset stand in two of its splits: the report, and the training rows to remove. */
import { breathe } from '../../../shared/breathe'
import type { CellValue, ColumnProfile, Split } from '../../../shared/domain/dataset'
import {
  LEAK_KINDS,
  type LeakExample,
  type LeakKind,
  type LeakPair,
  type LeakReport,
} from '../../../shared/domain/leaks'
import type { StoredRow } from '../file/schema'
import { HeldRows, type ComparedRow, type Found } from './heldRows'

/** What is compared: rows of a version, split by split. */
export interface ComparedFile {
  count(split: Split): number
  iterate(split: Split): Iterable<StoredRow>
}

export interface LeakHooks {
  onProgress?: (done: number, total: number) => void
  signal?: AbortSignal
}

const ROWS_BETWEEN_BREATHS = 200
const EXAMPLES = 20
const EXAMPLE_CHARACTERS = 400

/** The columns that hold what a model reads. */
export function comparedColumns(columns: readonly ColumnProfile[]): string[] {
  const roles = ['text', 'text_pair', 'tokens']
  return columns.filter(({ suggestedRole }) => roles.includes(suggestedRole ?? '')).map(({ name }) => name)
}

/** @param columns whose texts are compared, together */
export async function leakReport(
  file: ComparedFile,
  columns: readonly string[],
  hooks: LeakHooks = {},
): Promise<LeakReport> {
  const tallies = new Map<string, PairTally>()
  const leaking = new Set<number>()
  await compareSplits(file, columns, hooks, (row, found) => {
    const name = `${found.group.split} ${row.split}`
    let tally = tallies.get(name)
    if (!tally) tallies.set(name, (tally = new PairTally()))
    tally.add(row, found)
    if (row.split === 'train') leaking.add(row.ordinal)
  })
  const pairs = (['validation', 'test'] as const).flatMap((held) =>
    (['train', 'validation'] as const)
      .filter((against) => against !== held && file.count(held) > 0 && file.count(against) > 0)
      .map((against): LeakPair => {
        const tally = tallies.get(`${held} ${against}`) ?? new PairTally()
        return { held, against, rows: file.count(held), ...tally.result() }
      }),
  )
  return { columns: [...columns], pairs, trainRows: leaking.size }
}

export interface LeakingRow {
  kind: LeakKind
  heldSplit: Split
  heldRow: number
}

/** The training rows that match a held-out row in one of these ways, by ordinal, with the first match. */
export async function leakingTrainRows(
  file: ComparedFile,
  columns: readonly string[],
  kinds: readonly LeakKind[],
  hooks: LeakHooks = {},
): Promise<Map<number, LeakingRow>> {
  const rows = new Map<number, LeakingRow>()
  await compareSplits(file, columns, hooks, (row, { kind, group }) => {
    if (row.split !== 'train' || !kinds.includes(kind) || rows.has(row.ordinal)) return
    rows.set(row.ordinal, { kind, heldSplit: group.split, heldRow: group.rows[0]!.sourceRow })
  })
  return rows
}

async function compareSplits(
  file: ComparedFile,
  columns: readonly string[],
  hooks: LeakHooks,
  onFound: (row: ComparedRow, found: Found) => void,
): Promise<void> {
  const held = new HeldRows()
  const total = file.count('train') + 2 * file.count('validation') + file.count('test')
  let done = 0
  const step = async () => {
    if (++done % ROWS_BETWEEN_BREATHS !== 0) return
    hooks.onProgress?.(done, total)
    await breathe(hooks.signal)
  }
  for (const split of ['validation', 'test'] as const)
    for (const row of file.iterate(split)) {
      held.add(compared(row, columns))
      await step()
    }
  if (held.size === 0) return
  for (const [split, heldSplits] of [
    ['train', ['validation', 'test']],
    ['validation', ['test']],
  ] as const)
    for (const stored of file.iterate(split)) {
      const row = compared(stored, columns)
      for (const found of held.search(row, heldSplits)) onFound(row, found)
      await step()
    }
}

function compared({ ordinal, sourceRow, split, cells }: StoredRow, columns: readonly string[]): ComparedRow {
  return {
    ordinal,
    sourceRow,
    split,
    text: columns
      .map((name) => textOf(cells[name] ?? null))
      .join('\n')
      .trim(),
  }
}

function textOf(value: CellValue): string {
  if (value === null) return ''
  return Array.isArray(value) ? value.map(textOf).join(' ') : String(value)
}

/** The findings of one split against another. */
class PairTally {
  private readonly held = emptySets()
  private readonly against = emptySets()
  private readonly examples = new Map<number, LeakExample>()

  add(row: ComparedRow, { kind, jaccard, group }: Found): void {
    this.against[kind].add(row.ordinal)
    for (const { ordinal } of group.rows) this.held[kind].add(ordinal)
    const { ordinal, sourceRow } = group.rows[0]!
    const known = this.examples.get(ordinal)
    const isStronger = !known || LEAK_KINDS.indexOf(kind) < LEAK_KINDS.indexOf(known.kind)
    if (!isStronger || (!known && this.examples.size >= 10 * EXAMPLES)) return
    this.examples.set(ordinal, {
      kind,
      jaccard,
      heldRow: sourceRow,
      againstRow: row.sourceRow,
      held: group.text.slice(0, EXAMPLE_CHARACTERS),
      against: row.text.slice(0, EXAMPLE_CHARACTERS),
    })
  }

  result(): Pick<LeakPair, 'counts' | 'matching' | 'examples'> {
    const strength = ({ kind, jaccard }: LeakExample) => LEAK_KINDS.indexOf(kind) - jaccard
    return {
      counts: sizes(this.held),
      matching: sizes(this.against),
      examples: [...this.examples.values()].sort((a, b) => strength(a) - strength(b)).slice(0, EXAMPLES),
    }
  }
}

function emptySets(): Record<LeakKind, Set<number>> {
  return { exact: new Set(), near: new Set(), close: new Set(), gram13: new Set(), gram8: new Set() }
}

function sizes(sets: Record<LeakKind, Set<number>>): Record<LeakKind, number> {
  const { exact, near, close, gram13, gram8 } = sets
  return { exact: exact.size, near: near.size, close: close.size, gram13: gram13.size, gram8: gram8.size }
}
