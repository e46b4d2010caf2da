/** Figures logged while training: one row a run, step and name. A step logged twice (after a resume) must agree. */
import type { Series, StepMetrics } from '../../../shared/domain/run'
import type { RunId } from '../../../shared/ids'
import { allRows, change, eachRow, oneRow, type ReadableDB, type WritableDB } from '../handles'
import { thin } from '../thin'

/** What training determines; speeds differ each time. */
const DETERMINED: readonly string[] = ['loss', 'grad_norm', 'learning_rate', 'epoch']
export const STEP_FIGURES = [
  'epoch',
  'loss',
  'grad_norm',
  'learning_rate',
  'tokens_per_second',
  'samples_per_second',
] as const satisfies readonly (keyof StepMetrics)[]

export interface Disagreement {
  step: number
  name: string
  before: number
  now: number
}

export interface WrittenStep {
  /** What training determines and came out otherwise than this step had it before. */
  differing: Disagreement[]
  /** Names whose former value at this step was replaced. */
  replaced: string[]
}

/** Writes one step, over what it had before. */
export function insertStep(db: WritableDB, run: RunId, metrics: StepMetrics): WrittenStep {
  const { step } = metrics
  const differing: Disagreement[] = []
  const replaced: string[] = []
  for (const name of STEP_FIGURES) {
    const value = metrics[name]
    const now = Number.isFinite(value) ? value : null
    const written = change(
      db,
      `INSERT INTO metrics (run_id, step, name, value) VALUES ($run, $step, $name, $now)
       ON CONFLICT DO NOTHING`,
      { run, step, name, now },
    )
    if (written > 0) continue
    const key = { run, step, name }
    const before = oneRow<{ value: number | null }>(
      db,
      'SELECT value FROM metrics WHERE run_id = $run AND step = $step AND name = $name',
      key,
    )!.value
    if (before === now) continue
    change(db, 'UPDATE metrics SET value = $now WHERE run_id = $run AND step = $step AND name = $name', {
      ...key,
      now,
    })
    replaced.push(name)
    if (DETERMINED.includes(name)) differing.push({ step, name, before: before ?? NaN, now: value })
  }
  return { differing, replaced }
}

/** The last logged step of every run. */
export function lastSteps(db: ReadableDB): { run: RunId; step: number }[] {
  return allRows(
    db,
    `SELECT id AS run, coalesce((SELECT max(step) FROM metrics WHERE run_id = runs.id), 0) AS step FROM runs`,
  )
}

/** Steps logged after `step`, in order. */
export function stepsAfter(db: ReadableDB, run: RunId, step: number): StepMetrics[] {
  const rows = allRows<{ step: number; name: string; value: number | null }>(
    db,
    'SELECT step, name, value FROM metrics WHERE run_id = $run AND step > $step ORDER BY step',
    { run, step },
  )
  const steps: StepMetrics[] = []
  for (const row of rows) {
    if (steps.at(-1)?.step !== row.step)
      steps.push({
        step: row.step,
        epoch: NaN,
        loss: NaN,
        grad_norm: NaN,
        learning_rate: NaN,
        tokens_per_second: NaN,
        samples_per_second: NaN,
      })
    Object.assign(steps.at(-1)!, { [row.name]: row.value ?? NaN })
  }
  return steps
}

/**
 * A curve of at most `points` points that keeps first, last and every bucket's lowest and highest value. Names that
 * start with eval_ come from the evaluations. A figure that was not finite is left out.
 */
export function series(db: ReadableDB, run: RunId, name: string, points: number): Series {
  const steps: number[] = []
  const values: number[] = []
  const visit = ([step, value]: unknown[]) => {
    if (value === null) return
    steps.push(step as number)
    values.push(value as number)
  }
  if (name.startsWith('eval_'))
    eachRow(
      db,
      `SELECT evaluations.step, figure.value FROM evaluations, json_each(evaluations.metrics_json) AS figure
       WHERE run_id = $run AND figure.key = $key AND figure.type IN ('real', 'integer') ORDER BY step`,
      { run, key: name.slice('eval_'.length) },
      visit,
    )
  else
    eachRow(
      db,
      'SELECT step, value FROM metrics WHERE run_id = $run AND name = $name ORDER BY step',
      { run, name },
      visit,
    )
  return { name, ...thin(steps, values, points) }
}
