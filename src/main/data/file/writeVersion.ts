/** Writing a dataset version file: rows streamed into a draft beside its place, sealed, renamed into it. */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { breathe } from '../../../shared/breathe'
import type { CellValue, RejectedRow, Split } from '../../../shared/domain/dataset'
import { UserError } from '../../../shared/errors'
import { sealFile } from './seal'
import type { ColumnValues } from '../split'
import { CREATE_INDEX, CREATE_TABLES, FILE_VERSION, SPLITS, type NewRow, type VersionMeta } from './schema'

export interface NewVersionFile {
  source: VersionMeta['source']
  /** In words, as it is shown. */
  splitRule: string
  /** Read when all rows have come. */
  rejected: () => { kept: readonly RejectedRow[]; count: number }
  /** Decides for the rows that bring no split, from the values of `column`; null if every row brings one. */
  deal: { column: string | null; splits: (values: ColumnValues | null, rows: number) => Split[] } | null
}

export interface WriteHooks {
  onProgress?: (rows: number) => void
  signal?: AbortSignal
}

export interface WrittenVersion extends VersionMeta {
  sizeBytes: number
}

const ROWS_BETWEEN_BREATHS = 500

/**
 * Writes and seals the file. Nothing is left behind if it fails.
 * @throws UserError('cancelled' | 'io'), or what `rows` throws
 */
export async function writeVersionFile(
  path: string,
  rows: AsyncIterable<NewRow> | Iterable<NewRow>,
  version: NewVersionFile,
  hooks: WriteHooks = {},
): Promise<WrittenVersion> {
  const meta = await sealFile(path, { what: 'dataset', hint: 'Free some space and import it again.' }, (db) =>
    fill(db, rows, version, hooks),
  )
  return { ...meta, sizeBytes: statSync(path).size }
}

async function fill(
  db: Database.Database,
  rows: AsyncIterable<NewRow> | Iterable<NewRow>,
  version: NewVersionFile,
  hooks: WriteHooks,
): Promise<VersionMeta> {
  db.exec(CREATE_TABLES)
  db.exec('BEGIN')
  const insert = db.prepare('INSERT INTO rows (ordinal, source_row, split, cells) VALUES (?, ?, ?, ?)')
  const columns = new Map<string, number>()
  const splits: number[] = []
  const values = new ValueList(version.deal?.column ?? null)
  const hash = createHash('sha256')
  for await (const row of rows) {
    const cells = inColumnOrder(row.cells, columns)
    const split = row.split === null ? 0 : SPLITS.indexOf(row.split)
    insert.run(splits.length, row.sourceRow, split, cells)
    hash.update(cells).update('\n')
    values.add(row.cells)
    splits.push(split)
    if (splits.length % ROWS_BETWEEN_BREATHS === 0) {
      hooks.onProgress?.(splits.length)
      await breathe(hooks.signal)
    }
  }
  if (version.deal) {
    const { column } = version.deal
    if (column !== null && !columns.has(column)) {
      throw new UserError('bad-config', `There is no column "${column}" to split by.`, {
        where: { field: 'split' },
        hint: `The columns are ${[...columns.keys()].join(', ')}.`,
      })
    }
    const move = db.prepare('UPDATE rows SET split = ? WHERE ordinal = ?')
    version.deal.splits(values.found(), splits.length).forEach((split, ordinal) => {
      splits[ordinal] = SPLITS.indexOf(split)
      if (split !== 'train') move.run(splits[ordinal], ordinal)
    })
  }
  const rejected = version.rejected()
  const insertRejected = db.prepare(
    'INSERT INTO rejected (source_row, field, reason, excerpt) VALUES (?, ?, ?, ?)',
  )
  for (const { row, field, reason, excerpt } of rejected.kept) insertRejected.run(row, field, reason, excerpt)
  const names = [...columns.keys()]
  hash.update(JSON.stringify(names)).update(Uint8Array.from(splits))
  const meta: VersionMeta = {
    columns: names,
    rows: countSplits(splits),
    rejected: rejected.count,
    sha256: hash.digest('hex'),
    source: version.source,
    splitRule: version.splitRule,
  }
  const insertMeta = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)')
  for (const [key, value] of Object.entries(meta)) insertMeta.run(key, JSON.stringify(value))
  db.exec(CREATE_INDEX)
  db.exec('COMMIT')
  db.pragma(`user_version = ${FILE_VERSION}`)
  return meta
}

/** The cells as a JSON list in the order of the columns, new columns added at the end, trailing nulls left out. */
function inColumnOrder(cells: Readonly<Record<string, CellValue>>, columns: Map<string, number>): string {
  const list: CellValue[] = []
  for (const [name, value] of Object.entries(cells)) {
    let at = columns.get(name)
    if (at === undefined) columns.set(name, (at = columns.size))
    if (value === null) continue
    while (list.length < at) list.push(null)
    list[at] = value
  }
  return JSON.stringify(list)
}

/** Gathers the values of one column. */
class ValueList {
  private readonly numberOf = new Map<string, number>()
  private readonly different: CellValue[] = []
  private readonly rows: number[] = []

  constructor(private readonly column: string | null) {}

  add(cells: Readonly<Record<string, CellValue>>): void {
    if (this.column === null) return
    const value = cells[this.column] ?? null
    const key = JSON.stringify(value)
    let number = this.numberOf.get(key)
    if (number === undefined) {
      this.numberOf.set(key, (number = this.numberOf.size))
      this.different.push(value)
    }
    this.rows.push(number)
  }

  found(): ColumnValues | null {
    return this.column === null ? null : { rows: this.rows, different: this.different }
  }
}

function countSplits(splits: readonly number[]): Record<Split, number> {
  const counts = [0, 0, 0]
  for (const split of splits) counts[split]!++
  return { train: counts[0]!, validation: counts[1]!, test: counts[2]! }
}
