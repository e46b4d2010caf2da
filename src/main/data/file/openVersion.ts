/** Reading a sealed dataset version file: pages, search, streams. */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { CellValue, RejectedRow, RowsPage, Split } from '../../../shared/domain/dataset'
import { UserError } from '../../../shared/errors'
import { FILE_VERSION, SPLITS, VersionMeta, type StoredRow } from './schema'

export interface PageQuery {
  offset: number
  limit: number
  split?: Split | null
  /** Rows that contain this text, whatever the case of its ASCII letters. */
  search?: string
}

interface RawRow {
  ordinal: number
  source_row: number
  split: number
  cells: string
}

const ROW_COLUMNS = 'ordinal, source_row, split, cells'

/** An open version file. Close it. */
export class VersionFile {
  constructor(
    private readonly db: Database.Database,
    readonly meta: VersionMeta,
  ) {}

  get path(): string {
    return this.db.name
  }

  count(split: Split | null = null): number {
    const { rows } = this.meta
    return split === null ? rows.train + rows.validation + rows.test : rows[split]
  }

  page({ offset, limit, split = null, search = '' }: PageQuery): RowsPage {
    const isAll = split === null && search === ''
    const where: string[] = []
    const values: (string | number)[] = []
    if (split !== null) {
      where.push('split = ?')
      values.push(SPLITS.indexOf(split))
    }
    if (search !== '') {
      where.push("cells LIKE ? ESCAPE '\\'")
      values.push(likePattern(search))
    }
    if (isAll) {
      where.push('ordinal >= ?')
      values.push(offset)
    }
    const condition = where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''
    const rows = this.db
      .prepare(`SELECT ${ROW_COLUMNS} FROM rows ${condition} ORDER BY ordinal LIMIT ? OFFSET ?`)
      .all(...values, limit, isAll ? 0 : offset) as RawRow[]
    const total =
      search === ''
        ? this.count(split)
        : (this.db
            .prepare(`SELECT count(*) FROM rows ${condition}`)
            .pluck()
            .get(...values) as number)
    return {
      offset,
      total,
      rows: rows.map((row) => {
        const { ordinal, split: own, cells } = this.toRow(row)
        return { ordinal, split: own, cells }
      }),
    }
  }

  /** The rows of a split (or all) in the order they were written. */
  *iterate(split: Split | null = null): Generator<StoredRow> {
    const order = `FROM rows ${split === null ? '' : 'WHERE split = ?'} ORDER BY ordinal`
    const statement = this.db.prepare(`SELECT ${ROW_COLUMNS} ${order}`)
    const values = split === null ? [] : [SPLITS.indexOf(split)]
    for (const row of statement.iterate(...values)) yield this.toRow(row as RawRow)
  }

  /** One column of a split. @throws UserError('bad-config') if there is no such column */
  column(name: string, split: Split | null = null): CellValue[] {
    this.requireColumn(name)
    const values: CellValue[] = []
    for (const { cells } of this.iterate(split)) values.push(cells[name] ?? null)
    return values
  }

  /** @throws UserError('bad-config') naming the columns there are */
  requireColumn(name: string, field = 'columns'): void {
    if (this.meta.columns.includes(name)) return
    throw new UserError('bad-config', `The dataset has no column "${name}".`, {
      where: { field },
      hint: `Its columns are ${this.meta.columns.join(', ')}.`,
    })
  }

  rejected(): RejectedRow[] {
    return this.db
      .prepare('SELECT source_row AS row, field, reason, excerpt FROM rejected ORDER BY rowid')
      .all() as RejectedRow[]
  }

  close(): void {
    this.db.close()
  }

  private toRow(row: RawRow): StoredRow {
    const list = JSON.parse(row.cells) as CellValue[]
    const cells: Record<string, CellValue> = {}
    this.meta.columns.forEach((name, i) => (cells[name] = list[i] ?? null))
    return { ordinal: row.ordinal, sourceRow: row.source_row, split: SPLITS[row.split]!, cells }
  }
}

/** @throws UserError('not-found' | 'corrupt' | 'newer-version') */
export function openVersionFile(path: string): VersionFile {
  if (!existsSync(path)) {
    throw new UserError('not-found', "The dataset's file is gone.", {
      where: { file: path },
      hint: 'Import the data again.',
    })
  }
  let db: Database.Database | null = null
  try {
    db = new Database(path, { readonly: true, fileMustExist: true })
    const version = db.pragma('user_version', { simple: true }) as number
    if (version > FILE_VERSION) {
      throw new UserError('newer-version', 'The dataset was written by a newer Tunesmith.', {
        where: { file: path },
        hint: 'Update Tunesmith to open it.',
      })
    }
    const entries = db.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[]
    const meta = VersionMeta.parse(
      Object.fromEntries(entries.map(({ key, value }) => [key, JSON.parse(value) as unknown])),
    )
    return new VersionFile(db, meta)
  } catch (cause) {
    db?.close()
    if (cause instanceof UserError) throw cause
    throw new UserError('corrupt', "The dataset's file is damaged.", {
      where: { file: path },
      hint: 'Import the data again.',
      cause,
    })
  }
}

/** The text as it stands in the JSON of the cells, LIKE's own signs escaped. */
export function likePattern(search: string): string {
  const asJson = JSON.stringify(search).slice(1, -1)
  return `%${asJson.replace(/[\\%_]/g, '\\$&')}%`
}
