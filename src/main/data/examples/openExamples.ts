/** Reading a file of answers beside the dataset version its rows are of: pages, totals, slices. */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { CellValue } from '../../../shared/domain/dataset'
import type {
  Example,
  ExampleFilter,
  ExampleQuery,
  ExamplesMeta,
  ExampleSort,
  ExamplesPage,
  ExampleTotals,
  KeptAnswer,
} from '../../../shared/domain/examples'
import type { ColumnRoles } from '../../../shared/domain/runConfig'
import { UserError } from '../../../shared/errors'
import { nearestName } from '../../../shared/nearest'
import { likePattern } from '../file/openVersion'
import { condition, type Condition, type Value } from './condition'
import { answerOf, predictionOf } from './prediction'
import { EXAMPLES_VERSION, Meta } from './schema'

const ORDER: Readonly<Record<ExampleSort, string>> = {
  loss: 'rows.loss IS NULL DESC, rows.loss DESC',
  confidence: 'rows.surest_wrong IS NULL, rows.surest_wrong DESC, rows.confidence DESC',
  length: 'rows.tokens DESC',
  row: 'rows.ordinal',
}

const TOTALS = 'count(*) AS rows, sum(rows.share_right < 1) AS wrong, avg(rows.loss) AS meanLoss'

export interface AnsweredRow {
  content: string
  loss: number | null
  shareRight: number | null
  answers: Pick<KeptAnswer, 'label' | 'predicted'>[]
}

interface RawRow {
  ordinal: number
  tokens: number
  loss: number | null
  confidence: number | null
  shareRight: number | null
  asked: string | null
  scores: Buffer | null
  cells: string | null
}

/** An open file. Close it. */
export class ExamplesFile {
  private constructor(
    private readonly db: Database.Database,
    readonly meta: ExamplesMeta,
    /** Of the dataset version; `null` where it was deleted. */
    private readonly columns: readonly string[] | null,
    private readonly roles: ColumnRoles,
    private readonly otherLabels: readonly string[] | null,
  ) {}

  /**
   * @param datasetFile of the version the rows are of; null where it was deleted @param roles of its columns
   * @param otherFile answers of another run to the same rows
   * @throws UserError('not-found' | 'corrupt' | 'newer-version')
   */
  static open(
    path: string,
    datasetFile: string | null,
    roles: ColumnRoles,
    otherFile: string | null = null,
  ): ExamplesFile {
    if (!existsSync(path))
      throw new UserError('not-found', 'The answers of this evaluation are gone.', { where: { file: path } })
    let db: Database.Database | null = null
    try {
      db = new Database(path, { readonly: true, fileMustExist: true })
      if ((db.pragma('user_version', { simple: true }) as number) > EXAMPLES_VERSION)
        throw new UserError('newer-version', 'These answers were written by a newer Tunesmith.', {
          where: { file: path },
          hint: 'Update Tunesmith to read them.',
        })
      const meta = Meta.parse(metaOf(db, 'main'))
      const hasDataset = datasetFile !== null && existsSync(datasetFile)
      if (hasDataset) db.prepare('ATTACH ? AS dataset').run(datasetFile)
      const columns = hasDataset ? (metaOf(db, 'dataset')['columns'] as string[]) : null
      if (otherFile !== null) db.prepare('ATTACH ? AS other').run(otherFile)
      const otherLabels = otherFile === null ? null : Meta.parse(metaOf(db, 'other')).labels
      return new ExamplesFile(db, meta, columns, roles, otherLabels)
    } catch (cause) {
      db?.close()
      if (cause instanceof UserError) throw cause
      throw new UserError('corrupt', 'The answers of this evaluation cannot be read.', {
        where: { file: path },
        hint: 'Train the run again to have them.',
        cause,
      })
    }
  }

  page({ sort, offset, limit, ...filter }: ExampleQuery): ExamplesPage {
    const where = this.where(filter)
    const rows = this.db
      .prepare(
        `SELECT rows.ordinal, tokens, loss, confidence, share_right AS shareRight, asked, scores,
           ${this.columns ? 'source.cells' : 'NULL'} AS cells
         FROM ${this.source()} WHERE ${where.sql} ORDER BY ${ORDER[sort]}, rows.ordinal LIMIT ? OFFSET ?`,
      )
      .all(...where.values, limit, offset) as RawRow[]
    const answersOf = this.db.prepare(
      'SELECT place, label, predicted, confidence FROM answers WHERE ordinal = ? ORDER BY place',
    )
    return {
      offset,
      ...this.totals(filter),
      examples: rows.map((row) => ({
        ...this.example(row, answersOf.all(row.ordinal) as KeptAnswer[]),
        ...(filter.other && this.otherAnswer(row.ordinal)),
      })),
    }
  }

  totals(filter: ExampleFilter): ExampleTotals {
    const where = this.where(filter)
    return this.db
      .prepare(`SELECT ${TOTALS} FROM ${this.source()} WHERE ${where.sql}`)
      .get(...where.values) as ExampleTotals
  }

  /** Totals by each value of a column, of at most so many values, the commonest first. */
  byColumn(column: string, most: number): (ExampleTotals & { value: string })[] {
    const at = this.columnAt(column)
    return this.db
      .prepare(
        `SELECT CAST(json_extract(source.cells, ?) AS TEXT) AS value, ${TOTALS} FROM ${this.source()}
         WHERE json_extract(source.cells, ?) IS NOT NULL GROUP BY 1 ORDER BY rows DESC, value LIMIT ?`,
      )
      .all(at, at, most) as (ExampleTotals & { value: string })[]
  }

  /** How often a class was taken for another. */
  confusions(): { label: string | null; predicted: string | null; count: number }[] {
    return this.db
      .prepare('SELECT label, predicted, count(*) AS count FROM answers GROUP BY label, predicted')
      .all() as { label: string | null; predicted: string | null; count: number }[]
  }

  /** Of every answer: the probability of what was said, and whether it is right. */
  certainties(): { confidence: number; isRight: boolean }[] {
    const answers = this.db
      .prepare('SELECT confidence, label IS predicted AS isRight FROM answers WHERE confidence IS NOT NULL')
      .all() as { confidence: number; isRight: number }[]
    return answers.map(({ confidence, isRight }) => ({ confidence, isRight: isRight === 1 }))
  }

  /** True and predicted tags of every row, where answers are tags. */
  sentences(): { labels: string[]; predicted: string[] }[] {
    const rows = new Map<number, { labels: string[]; predicted: string[] }>()
    const answers = this.db
      .prepare('SELECT ordinal, label, predicted FROM answers ORDER BY ordinal, place')
      .iterate() as IterableIterator<{ ordinal: number; label: string; predicted: string }>
    for (const { ordinal, label, predicted } of answers) {
      const row = rows.get(ordinal) ?? { labels: [], predicted: [] }
      if (row.labels.length === 0) rows.set(ordinal, row)
      row.labels.push(label)
      row.predicted.push(predicted)
    }
    return [...rows.values()]
  }

  /** Every row with its answers, to be compared with those of another run. */
  *answered(): Generator<AnsweredRow> {
    const answersOf = this.db.prepare('SELECT label, predicted FROM answers WHERE ordinal = ? ORDER BY place')
    const rows = this.db
      .prepare('SELECT ordinal, content, loss, share_right AS shareRight FROM rows ORDER BY ordinal')
      .all() as (Omit<AnsweredRow, 'answers'> & { ordinal: number })[]
    for (const { ordinal, ...row } of rows)
      yield { ...row, answers: answersOf.all(ordinal) as AnsweredRow['answers'] }
  }

  lengths(): number[] {
    return this.db.prepare('SELECT tokens FROM rows ORDER BY tokens').pluck().all() as number[]
  }

  /** Columns that rows can be grouped by; `null` where the dataset was deleted. */
  columnNames(): readonly string[] | null {
    return this.columns
  }

  close(): void {
    this.db.close()
  }

  private source(): string {
    return this.columns ? 'rows LEFT JOIN dataset.rows AS source ON source.ordinal = rows.ordinal' : 'rows'
  }

  private where(filter: ExampleFilter): Condition {
    const { search, slice, label, predicted } = filter
    for (const name of [label, predicted]) if (name) this.requireClass(name)
    const known = condition(filter)
    const sql = [known.sql]
    const values: Value[] = [...known.values]
    if (search) {
      sql.push(this.columns ? "source.cells LIKE ? ESCAPE '\\'" : "rows.asked LIKE ? ESCAPE '\\'")
      values.push(likePattern(search))
    }
    if (slice) {
      sql.push('CAST(json_extract(source.cells, ?) AS TEXT) = ?')
      values.push(this.columnAt(slice.column), slice.value)
    }
    return { sql: sql.join(' AND '), values }
  }

  /** @throws UserError with the nearest class there is */
  private requireClass(name: string): void {
    const { labels } = this.meta
    if (labels.length === 0 || labels.includes(name)) return
    const near = nearestName(name, labels)
    throw new UserError('bad-input', `There is no class "${name}".`, {
      hint: near === undefined ? `Classes are ${labels.slice(0, 20).join(', ')}.` : `Did you mean ${near}?`,
    })
  }

  /** The JSON path of a column's cells. @throws UserError where there is none */
  private columnAt(name: string): string {
    const at = this.columns?.indexOf(name) ?? -1
    if (at >= 0) return `$[${at}]`
    throw new UserError('bad-input', `There is no column "${name}".`, {
      hint: this.columns
        ? `The columns are ${this.columns.join(', ')}.`
        : 'The dataset was deleted: its rows cannot be looked into any more.',
    })
  }

  /** What the other run answered to the same row. */
  private otherAnswer(ordinal: number): Pick<Example, 'other'> {
    const theirs = this.db
      .prepare(
        `SELECT theirs.ordinal, theirs.scores FROM rows JOIN other.rows AS theirs ON theirs.content = rows.content
         WHERE rows.ordinal = ?`,
      )
      .get(ordinal) as { ordinal: number; scores: Buffer | null } | undefined
    if (!theirs) return {}
    const answers = this.db
      .prepare(
        'SELECT place, label, predicted, confidence FROM other.answers WHERE ordinal = ? ORDER BY place',
      )
      .all(theirs.ordinal) as KeptAnswer[]
    const labels = this.otherLabels ?? []
    return { other: answerOf({ problem: this.meta.problem, labels, scores: theirs.scores, answers }, null) }
  }

  private example(row: RawRow, answers: readonly KeptAnswer[]): Example {
    const { ordinal, tokens, loss, confidence, shareRight, asked, scores } = row
    const { problem, labels } = this.meta
    const list = row.cells === null ? [] : (JSON.parse(row.cells) as CellValue[])
    const cellOf = (name: string | undefined) =>
      name === undefined ? null : (list[this.columns?.indexOf(name) ?? -1] ?? null)
    const cells = {
      text: cellOf(this.roles.text),
      pair: cellOf(this.roles.text_pair),
      tokens: cellOf(this.roles.tokens),
    }
    const prediction = predictionOf({ problem, labels, cells, asked, scores, answers })
    return { ordinal, tokens, loss, confidence, shareRight, prediction }
  }
}

function metaOf(db: Database.Database, schema: 'main' | 'dataset' | 'other'): Record<string, unknown> {
  const entries = db.prepare(`SELECT key, value FROM ${schema}.meta`).all() as {
    key: string
    value: string
  }[]
  return Object.fromEntries(entries.map(({ key, value }) => [key, JSON.parse(value) as unknown]))
}
