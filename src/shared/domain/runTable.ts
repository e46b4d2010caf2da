/** The history as a table: what is asked for, what comes back, and the views that are kept. */
import { z } from 'zod'
import type { RunId, ViewId } from '../ids'
import type { KnownNames } from '../filter/fields'

/** A tag is one word of any letters, without commas. */
export const Tag = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[^,]+$/, 'holds a comma')

export const RunTableQuery = z.strictObject({
  filter: z.string().max(4000),
  /** Keys of fields: `name`, `params.learning_rate`, `metrics.eval_accuracy.best`, `tags`. */
  columns: z.array(z.string().min(1).max(200)).max(100),
})
export type RunTableQuery = z.infer<typeof RunTableQuery>

/** What a column holds for one run; dates and times in milliseconds. */
export type RunCell = string | number | boolean | readonly string[] | null

export interface RunTable {
  /** Runs that meet the filter, newest first. */
  runs: RunId[]
  /** A value a run, in the same order; columns that no run has are left out. */
  columns: Record<string, RunCell[]>
  /** Runs there are, archived ones aside. */
  total: number
}

/** Names and common values, to complete a filter and to choose columns. */
export interface RunCatalogue extends KnownNames {
  /** Settings that differ between runs that are not archived. */
  varied: string[]
}

export const ViewColumn = z.strictObject({
  field: z.string().min(1).max(200),
  /** Pixels; the column's own width where left out. */
  width: z.int().min(40).max(800).optional(),
  isPinned: z.boolean().optional(),
})
export type ViewColumn = z.infer<typeof ViewColumn>

export const RunViewState = z.strictObject({
  filter: z.string().max(4000),
  columns: z.array(ViewColumn).max(100),
  sort: z.strictObject({ column: z.string().min(1).max(200), descending: z.boolean() }),
  groupBy: z.string().min(1).max(200).nullable(),
})
export type RunViewState = z.infer<typeof RunViewState>

export interface RunView {
  id: ViewId
  name: string
  /** Shown when the pane opens for the first time. */
  isDefault: boolean
  state: RunViewState
}

/** Where a run comes from and what came of it. */
export interface Lineage {
  /** The run whose weights it started from, and at which step. */
  forkedFrom: { run: RunId; number: number; name: string; step: number | null } | null
  /** Runs that started from its weights. */
  forks: { run: RunId; number: number; name: string }[]
  /** Times it went on after it had stopped. */
  resumedAtMs: number[]
  /** Its dataset version and those it was made from, the newest first. */
  data: { name: string; number: number; sha256: string; madeBy: string | null }[]
}
