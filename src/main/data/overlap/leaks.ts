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
const HELD = ['validation', 'test'] as const
/** Measured: phrases of 8 and 13 words and bands of signatures, as hashes in tables. */
const BYTES_A_CHARACTER = 12
const BYTES_A_ROW = 1000
const HELD_BYTES = 160e6
const EXAMPLES = 20
const EXAMPLE_CHARACTERS = 400

/** The columns that hold what a model reads. */
export function comparedColumns(columns: readonly ColumnProfile[]): string[] {
  const roles = ['text', 'text_pair', 'tokens']
  return columns.filter(({ suggestedRole }) => roles.includes(suggestedRole ?? '')).map(({ name }) => name)
}

/**
 * Of held-out rows beyond some ten million characters every second, third … is compared, evenly: see `sampledFrom`.
 * @param columns whose texts are compared, together
 */
export async function leakReport(
  file: ComparedFile,
  columns: readonly string[],
  hooks: LeakHooks = {},
): Promise<LeakReport> {
  const tallies = new Map<string, PairTally>()
  let trainRows = 0
  let last = -1
  const stride = await heldStride(file, columns, hooks)
  const compared = await compareSplits(file, columns, { ...hooks, stride, phase: 0 }, (row, found) => {
    const name = `${found.group.split} ${row.split}`
    let tally = tallies.get(name)
    if (!tally) tallies.set(name, (tally = new PairTally()))
    tally.add(row, found)
    if (row.split !== 'train' || row.ordinal === last) return
    last = row.ordinal
    trainRows++
  })
  const pairs = (['validation', 'test'] as const).flatMap((held) =>
    (['train', 'validation'] as const)
      .filter((against) => against !== held && file.count(held) > 0 && file.count(against) > 0)
      .map((against): LeakPair => {
        const tally = tallies.get(`${held} ${against}`) ?? new PairTally()
        const sampled = stride > 1 && { sampledFrom: file.count(held) }
        return { held, against, rows: compared[held], ...sampled, ...tally.result() }
      }),
  )
  return { columns: [...columns], pairs, trainRows }
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
  const stride = await heldStride(file, columns, hooks)
  for (let phase = 0; phase < stride; phase++)
    await compareSplits(file, columns, { ...hooks, stride, phase }, (row, { kind, group }) => {
      if (row.split !== 'train' || !kinds.includes(kind) || rows.has(row.ordinal)) return
      rows.set(row.ordinal, { kind, heldSplit: group.split, heldRow: group.rows[0]!.sourceRow })
    })
  return rows
}

/** One held-out row in so many is compared at a time, so that what is kept of them fits HELD_BYTES. */
async function heldStride(
  file: ComparedFile,
  columns: readonly string[],
  { signal }: LeakHooks,
): Promise<number> {
  let bytes = 0
  let rows = 0
  for (const split of HELD)
    for (const row of file.iterate(split)) {
      bytes += BYTES_A_ROW + BYTES_A_CHARACTER * compared(row, columns).text.length
      if (++rows % ROWS_BETWEEN_BREATHS === 0) await breathe(signal)
    }
  return Math.max(1, Math.ceil(bytes / HELD_BYTES))
}

/** @returns how many rows of each held-out split were compared */
async function compareSplits(
  file: ComparedFile,
  columns: readonly string[],
  { stride, phase, ...hooks }: LeakHooks & { stride: number; phase: number },
  onFound: (row: ComparedRow, found: Found) => void,
): Promise<Record<(typeof HELD)[number], number>> {
  const held = new HeldRows()
  const taken = { validation: 0, test: 0 }
  const total = stride * (file.count('train') + 2 * file.count('validation') + file.count('test'))
  let done = (phase / stride) * total
  const step = async () => {
    if (++done % ROWS_BETWEEN_BREATHS !== 0) return
    hooks.onProgress?.(done, total)
    await breathe(hooks.signal)
  }
  for (const split of HELD) {
    let i = 0
    for (const row of file.iterate(split)) {
      if (i++ % stride === phase) {
        held.add(compared(row, columns))
        taken[split]++
      }
      await step()
    }
  }
  if (held.size === 0) return taken
  for (const [split, heldSplits] of [
    ['train', ['validation', 'test']],
    ['validation', ['test']],
  ] as const) {
    if (heldSplits.every((name) => taken[name as 'test'] === 0)) continue
    for (const stored of file.iterate(split)) {
      const row = compared(stored, columns)
      for (const found of held.search(row, heldSplits)) onFound(row, found)
      await step()
    }
  }
  return taken
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
  private readonly matching: Record<LeakKind, number> = { exact: 0, near: 0, close: 0, gram13: 0, gram8: 0 }
  private readonly examples = new Map<number, LeakExample>()
  /** Findings come row by row: the kinds that the last row was counted under. */
  private last = { ordinal: -1, kinds: new Set<LeakKind>() }

  add(row: ComparedRow, { kind, jaccard, group }: Found): void {
    if (row.ordinal !== this.last.ordinal) this.last = { ordinal: row.ordinal, kinds: new Set() }
    if (!this.last.kinds.has(kind)) this.matching[kind]++
    this.last.kinds.add(kind)
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
    const { exact, near, close, gram13, gram8 } = this.held
    return {
      counts: {
        exact: exact.size,
        near: near.size,
        close: close.size,
        gram13: gram13.size,
        gram8: gram8.size,
      },
      matching: this.matching,
      examples: [...this.examples.values()].sort((a, b) => strength(a) - strength(b)).slice(0, EXAMPLES),
    }
  }
}

function emptySets(): Record<LeakKind, Set<number>> {
  return { exact: new Set(), near: new Set(), close: new Set(), gram13: new Set(), gram8: new Set() }
}
