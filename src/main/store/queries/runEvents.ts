/** Reading what a run told: its event log, baselines and the latest predictions. */
import type { EvalMetrics, Prediction, RunEvent } from '../../../shared/domain/run'
import type { RunId } from '../../../shared/ids'
import { allRows, oneRow, type ReadableDB } from '../handles'
import { decode } from '../rows'

export interface LoggedEvent {
  seq: number
  atMs: number
  event: RunEvent
}

export function lastEventSeq(db: ReadableDB): number {
  return oneRow<{ seq: number }>(db, 'SELECT coalesce(max(seq), 0) AS seq FROM run_events')!.seq
}

/** Events of one run after `seq`, oldest first. */
export function eventsAfter(db: ReadableDB, run: RunId, seq: number): LoggedEvent[] {
  return allRows<{ seq: number; at_ms: number; event_json: string }>(
    db,
    'SELECT seq, at_ms, event_json FROM run_events WHERE run_id = $run AND seq > $seq ORDER BY seq',
    { run, seq },
  ).map((row) => ({ seq: row.seq, atMs: row.at_ms, event: decode<RunEvent>(row.event_json) }))
}

export function listBaselines(db: ReadableDB, run: RunId): { name: string; metrics: EvalMetrics }[] {
  return allRows<{ name: string; metrics_json: string }>(
    db,
    'SELECT name, metrics_json FROM baselines WHERE run_id = $run ORDER BY rowid',
    { run },
  ).map((row) => ({ name: row.name, metrics: decode<EvalMetrics>(row.metrics_json) }))
}

export function latestPredictions(db: ReadableDB, run: RunId): { step: number; rows: Prediction[] } | null {
  const row = oneRow<{ step: number; rows_json: string }>(
    db,
    'SELECT step, rows_json FROM predictions WHERE run_id = $run ORDER BY step DESC LIMIT 1',
    { run },
  )
  return row ? { step: row.step, rows: decode<Prediction[]>(row.rows_json) } : null
}
