/** The table of runs: which meet a filter, and a column of values for each field that is shown. */
import type { RunCell } from '../../../shared/domain/runTable'
import { ATTRIBUTES, fieldKey, type AttributeName, type Field } from '../../../shared/filter/fields'
import type { Filter } from '../../../shared/filter/tree'
import type { RunId } from '../../../shared/ids'
import { allRows, eachRow, oneRow, type Params, type ReadableDB } from '../handles'
import { ATTRIBUTE_SQL } from './runFields'
import { filterCondition } from './runFilter'

export interface TableRows {
  runs: RunId[]
  columns: Record<string, RunCell[]>
}

/** Newest first. Archived runs come only where the filter asks about `archived`. */
export function readRunTable(
  db: ReadableDB,
  filter: Filter | null,
  fields: readonly Field[],
  nowMs: number,
): TableRows {
  const attributes = fields.filter(isPlainAttribute)
  const { sql, params } = filterCondition(filter)
  const hidden = filter && asksForArchived(filter) ? '1' : 'runs.archived_at_ms IS NULL'
  const selected = ['runs.id', ...attributes.map(({ name }) => ATTRIBUTE_SQL[name])]
  const runs: RunId[] = []
  const columns: Record<string, RunCell[]> = {}
  for (const field of fields) columns[fieldKey(field)] = []
  const filled = attributes.map((field) => columns[fieldKey(field)]!)
  const isBoolean = attributes.map(({ name }) => ATTRIBUTES[name].type === 'boolean')
  eachRow(
    db,
    `SELECT ${selected.join(', ')} FROM runs WHERE ${hidden} AND ${sql} ORDER BY runs.number DESC`,
    used(`${selected.join()} ${sql}`, { ...params, now: nowMs }),
    (row) => {
      runs.push(row[0] as RunId)
      filled.forEach((column, i) => {
        const value = row[i + 1] as string | number | null
        column.push(isBoolean[i] ? value === 1 : value)
      })
    },
  )
  const places = new Map(runs.map((run, i) => [run, i]))
  for (const field of fields)
    if (!isPlainAttribute(field)) columns[fieldKey(field)] = sparse(db, field, places)
  return { runs, columns }
}

type PlainAttribute = Field & { kind: 'attribute'; name: Exclude<AttributeName, 'tags'> }

function isPlainAttribute(field: Field): field is PlainAttribute {
  return field.kind === 'attribute' && field.name !== 'tags'
}

/** Statements refuse parameters they do not name. */
function used(sql: string, params: Params): Params {
  return Object.fromEntries(Object.entries(params).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql)))
}

function asksForArchived(filter: Filter): boolean {
  if ('parts' in filter) return filter.parts.some(asksForArchived)
  if (filter.kind === 'not') return asksForArchived(filter.part)
  if (filter.kind === 'text') return false
  return filter.field.kind === 'attribute' && filter.field.name === 'archived'
}

/** A column that has a table of its own: one stretch of it, whatever the filter. */
function sparse(db: ReadableDB, field: Field, places: ReadonlyMap<RunId, number>): RunCell[] {
  const column: RunCell[] = new Array<RunCell>(places.size).fill(null)
  if (field.kind === 'attribute') {
    eachRow(db, 'SELECT run_id, tag FROM run_tags ORDER BY run_id, tag', {}, ([run, tag]) => {
      const at = places.get(run as RunId)
      if (at !== undefined) column[at] = [...((column[at] as string[] | null) ?? []), tag as string]
    })
    return column
  }
  const sql =
    field.kind === 'param'
      ? 'SELECT run_id, value FROM run_params WHERE name = $name'
      : `SELECT run_id, ${field.of} FROM run_figures WHERE name = $name`
  eachRow(db, sql, { name: field.name }, ([run, value]) => {
    const at = places.get(run as RunId)
    if (at !== undefined) column[at] = value as string | number | null
  })
  return column
}

export function countRuns(db: ReadableDB): number {
  return oneRow<{ n: number }>(db, 'SELECT count(*) AS n FROM runs WHERE archived_at_ms IS NULL')!.n
}

/** A number that moves with every change of a run, by any process. */
export function runTick(db: ReadableDB): number {
  return oneRow<{ tick: number }>(
    db,
    "SELECT coalesce(max(tick), 0) AS tick FROM changes WHERE kind = 'run'",
  )!.tick
}

/** Runs whose settings are looked through for common values: the newest tell enough, and quickly. */
const SAMPLED_RUNS = 500

/** Every setting's name, with its commonest values among the newest runs, and whether they differ there. */
export function paramValues(
  db: ReadableDB,
  most: number,
): { params: Record<string, string[]>; varied: string[] } {
  const params = Object.fromEntries(
    distinctNames(db, 'run_params').map((name): [string, string[]] => [name, []]),
  )
  const present = new Map<string, number>()
  eachRow(
    db,
    `SELECT name, value, count(*) FROM run_params
     WHERE run_id IN (SELECT id FROM runs WHERE archived_at_ms IS NULL ORDER BY number DESC LIMIT $runs)
     GROUP BY name, value ORDER BY count(*) DESC`,
    { runs: SAMPLED_RUNS },
    ([name, value, count]) => {
      present.set(name as string, (present.get(name as string) ?? 0) + (count as number))
      const values = params[name as string]
      if (values && values.length < most) values.push(String(value))
    },
  )
  const sampled = Math.max(0, ...present.values())
  const isVaried = (name: string) => params[name]!.length > 1 || present.get(name)! < sampled
  return { params, varied: [...present.keys()].filter(isVaried).sort() }
}

export function figureNames(db: ReadableDB): string[] {
  return distinctNames(db, 'run_figures')
}

/** Steps from name to name: as many look-ups as there are names, however many runs. */
function distinctNames(db: ReadableDB, table: 'run_params' | 'run_figures'): string[] {
  return allRows<{ name: string }>(
    db,
    `WITH RECURSIVE names(name) AS (
       SELECT min(name) FROM ${table}
       UNION ALL SELECT (SELECT min(name) FROM ${table} WHERE name > names.name) FROM names WHERE name IS NOT NULL
     ) SELECT name FROM names WHERE name IS NOT NULL`,
  ).map(({ name }) => name)
}

export function distinctOf(db: ReadableDB, what: 'tag' | 'dataset' | 'model'): string[] {
  const sql = {
    tag: 'SELECT tag AS value FROM run_tags GROUP BY tag ORDER BY count(*) DESC',
    dataset: 'SELECT dataset_name AS value FROM runs GROUP BY dataset_name ORDER BY count(*) DESC LIMIT 200',
    model: 'SELECT model_name AS value FROM runs GROUP BY model_name ORDER BY count(*) DESC LIMIT 200',
  }[what]
  return allRows<{ value: string }>(db, sql).map(({ value }) => value)
}
