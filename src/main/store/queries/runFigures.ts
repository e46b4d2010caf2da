/**
 * Of each figure of a run the newest, lowest and highest value and that of the best evaluation, kept while it is
 * recorded: the table of runs reads these few rows, never the log. One write a name and transaction, whatever was logged.
 */
import type { EvalMetrics, StepMetrics } from '../../../shared/domain/run'
import type { RunId } from '../../../shared/ids'
import { change, type WritableDB } from '../handles'
import { STEP_FIGURES, type Disagreement, type WrittenStep } from './metrics'

interface Figures {
  lastStep: number
  last: number | null
  min: number | null
  max: number | null
}

const UPSERT = `
INSERT INTO run_figures (name, run_id, last_step, last, min, max) VALUES ($name, $run, $lastStep, $last, $min, $max)
ON CONFLICT (name, run_id) DO UPDATE SET
  last = CASE WHEN excluded.last_step >= last_step THEN excluded.last ELSE last END,
  last_step = max(last_step, excluded.last_step),
  min = min(coalesce(min, excluded.min), coalesce(excluded.min, min)),
  max = max(coalesce(max, excluded.max), coalesce(excluded.max, max))`

/** What the steps of one transaction add to a run's figures. */
export class StepFigures {
  private readonly figures = new Map<string, Figures>()
  private readonly replaced = new Set<string>()

  constructor(private readonly run: RunId) {}

  /** Takes a step that was written, and passes on what differed. */
  add(step: StepMetrics, { differing, replaced }: WrittenStep): Disagreement[] {
    for (const name of STEP_FIGURES) {
      const value = finite(step[name])
      const former = this.figures.get(name)
      this.figures.set(name, {
        lastStep: step.step,
        last: value,
        min: least(former?.min ?? null, value),
        max: most(former?.max ?? null, value),
      })
    }
    for (const name of replaced) this.replaced.add(name)
    return differing
  }

  write(db: WritableDB): void {
    for (const [name, figures] of this.figures) change(db, UPSERT, { name, run: this.run, ...figures })
    // A lowest or highest value may be among those that are gone.
    for (const name of this.replaced) change(db, FROM_LOG, { name, run: this.run })
  }
}

const FROM_LOG = `
UPDATE run_figures SET (last_step, min, max) = (SELECT max(step), min(value), max(value) FROM metrics
    WHERE run_id = $run AND metrics.name = $name),
  last = (SELECT value FROM metrics WHERE run_id = $run AND metrics.name = $name ORDER BY step DESC LIMIT 1)
WHERE run_id = $run AND name = $name`

const BEST = 'UPDATE run_figures SET best = $best WHERE run_id = $run AND name = $name'

const FROM_EVALUATIONS = `
UPDATE run_figures SET (min, max) = (SELECT min(figure.value), max(figure.value)
    FROM evaluations, json_each(evaluations.metrics_json) AS figure
    WHERE run_id = $run AND figure.key = $key AND figure.type IN ('real', 'integer'))
WHERE run_id = $run AND name = $name`

/** `isAgain`: the same step was evaluated before, and its figures are gone. */
export function noteEvaluation(
  db: WritableDB,
  run: RunId,
  { step, metrics }: { step: number; metrics: EvalMetrics },
  { isBest, isAgain }: { isBest: boolean; isAgain: boolean },
): void {
  if (isBest) change(db, `UPDATE run_figures SET best = NULL WHERE run_id = $run`, { run })
  for (const [key, measured] of Object.entries(metrics)) {
    const value = finite(measured)
    const name = `eval_${key}`
    change(db, UPSERT, { name, run, lastStep: step, last: value, min: value, max: value })
    if (isBest) change(db, BEST, { name, run, best: value })
    if (isAgain) change(db, FROM_EVALUATIONS, { name, run, key })
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function least(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

function most(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}
