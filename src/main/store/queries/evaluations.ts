/** Evaluations on the validation split, and the check that a repeated one agrees. */
import type { EvalMetrics, RunEvent } from '../../../shared/domain/run'
import type { RunId } from '../../../shared/ids'
import { allRows, change, oneRow, type ReadableDB, type WritableDB } from '../handles'
import { decode } from '../rows'
import type { Disagreement } from './metrics'

type Evaluation = Extract<RunEvent, { event: 'evaluate' }>

/** Figures about speed, which differ each time. */
const SPEED = /(runtime|per_second|seconds)$/

export function insertEvaluation(db: WritableDB, run: RunId, evaluation: Evaluation): void {
  change(
    db,
    `INSERT INTO evaluations (run_id, step, epoch, metrics_json) VALUES ($run, $step, $epoch, $metrics)
     ON CONFLICT (run_id, step) DO UPDATE SET epoch = excluded.epoch, metrics_json = excluded.metrics_json`,
    {
      run,
      step: evaluation.step,
      epoch: evaluation.epoch,
      metrics: JSON.stringify(evaluation.metrics),
    },
  )
}

export function hasEvaluation(db: ReadableDB, run: RunId, step: number): boolean {
  const found = oneRow(db, 'SELECT 1 FROM evaluations WHERE run_id = $run AND step = $step', { run, step })
  return found !== undefined
}

/** What differs from the evaluation that this step had before; empty where it had none. */
export function evaluationDisagreement(db: ReadableDB, run: RunId, now: Evaluation): Disagreement[] {
  const row = oneRow<{ metrics_json: string }>(
    db,
    'SELECT metrics_json FROM evaluations WHERE run_id = $run AND step = $step',
    { run, step: now.step },
  )
  const before = decode<EvalMetrics>(row?.metrics_json ?? null) ?? {}
  return Object.entries(now.metrics).flatMap(([name, value]) => {
    const old = before[name]
    if (old === undefined || old === value || SPEED.test(name)) return []
    return [{ step: now.step, name, before: old, now: value }]
  })
}

export function listEvaluations(
  db: ReadableDB,
  run: RunId,
): { step: number; epoch: number; metrics: EvalMetrics }[] {
  return allRows<{ step: number; epoch: number; metrics_json: string }>(
    db,
    'SELECT step, epoch, metrics_json FROM evaluations WHERE run_id = $run ORDER BY step',
    { run },
  ).map((row) => ({ step: row.step, epoch: row.epoch, metrics: decode<EvalMetrics>(row.metrics_json) }))
}
