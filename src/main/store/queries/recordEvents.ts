/**
 * The one place that writes what a run tells: each event into its table, its consequences into the run's row, in the
 * same transaction. The state column is derived here from state and end events and set nowhere else.
 */
import { ENDED_STATES, type EvalMetrics, type RunEvent, type RunState } from '../../../shared/domain/run'
import { bestIsGreater, bestMetric } from '../../../shared/domain/runConfigRules'
import type { RunConfig } from '../../../shared/domain/runConfig'
import type { CheckpointId, RunId } from '../../../shared/ids'
import { change, inTransaction, oneRow, type WritableDB } from '../handles'
import { decode } from '../rows'
import { mayFollow } from '../runStates'
import { deleteCheckpoint, insertCheckpoint } from './checkpoints'
import { evaluationDisagreement, hasEvaluation, insertEvaluation } from './evaluations'
import { insertStep, type Disagreement } from './metrics'
import { noteEvaluation, StepFigures } from './runFigures'

/** An event with its paths relative to the data folder, and the id of the row it makes, where it makes one. */
export interface Recordable {
  event: RunEvent
  atMs: number
  id?: CheckpointId
}

/** Records events in order, all or none. Returns those that were recorded: a state that may not follow is left out. */
export function recordEvents(db: WritableDB, run: RunId, events: readonly Recordable[]): RunEvent[] {
  return inTransaction(db, () => {
    const figures = new StepFigures(run)
    const recorded = events.flatMap((recordable) => recordOne(db, run, recordable, figures))
    figures.write(db)
    return recorded
  })
}

export function recordState(
  db: WritableDB,
  run: RunId,
  state: RunState,
  reason: string | null,
  atMs: number,
): boolean {
  const event: RunEvent = { event: 'state', state, ...(reason !== null && { reason }) }
  return recordEvents(db, run, [{ event, atMs }]).length > 0
}

function recordOne(
  db: WritableDB,
  run: RunId,
  { event, atMs, id }: Recordable,
  figures: StepFigures,
): RunEvent[] {
  const recorded = [event]
  const note = (differing: readonly Disagreement[]) => {
    if (differing.length === 0) return
    const disagreement: RunEvent = { event: 'note', text: describeDisagreement(differing) }
    append(db, run, disagreement, atMs)
    recorded.push(disagreement)
  }
  switch (event.event) {
    case 'state':
      if (!setState(db, run, event.state, event.reason ?? null, atMs)) return []
      append(db, run, event, atMs)
      break
    case 'prepare':
      update(db, run, { stage: event.stage, stage_done: event.done, stage_total: event.total })
      break
    case 'start':
      update(db, run, {
        stage: null,
        total_steps: event.total_steps,
        trainable_parameters: event.trainable_parameters,
        total_parameters: event.total_parameters,
        facts_json: JSON.stringify(factsOf(event)),
      })
      append(db, run, event, atMs)
      break
    case 'step':
      note(figures.add(event, insertStep(db, run, event)))
      update(db, run, {
        step: event.step,
        epoch: event.epoch,
        last_loss: finite(event.loss),
        samples_per_second: finite(event.samples_per_second),
      })
      break
    case 'progress':
      update(db, run, {
        step: event.step,
        total_steps: event.total_steps,
        epoch: event.epoch,
        samples_per_second: finite(event.samples_per_second),
        seconds_left: event.seconds_left,
        rss_bytes: Math.round(event.rss_bytes),
      })
      break
    case 'evaluate':
      note(evaluationDisagreement(db, run, event))
      recordEvaluation(db, run, event)
      append(db, run, event, atMs)
      break
    case 'predictions':
      change(
        db,
        `INSERT INTO predictions (run_id, step, rows_json) VALUES ($run, $step, $rows)
         ON CONFLICT (run_id, step) DO UPDATE SET rows_json = excluded.rows_json`,
        { run, step: event.step, rows: JSON.stringify(event.rows) },
      )
      append(db, run, event, atMs)
      break
    case 'checkpoint':
      insertCheckpoint(db, {
        id: id!,
        runId: run,
        step: event.step,
        kind: event.kind,
        path: event.path,
        sizeBytes: event.size_bytes,
        isBest: event.is_best,
        metrics: event.metrics,
        createdAtMs: atMs,
      })
      append(db, run, event, atMs)
      break
    case 'checkpoint-deleted':
      deleteCheckpoint(db, run, event.path)
      append(db, run, event, atMs)
      break
    case 'baseline':
      change(
        db,
        `INSERT INTO baselines (run_id, name, metrics_json) VALUES ($run, $name, $metrics)
         ON CONFLICT (run_id, name) DO UPDATE SET metrics_json = excluded.metrics_json`,
        { run, name: event.name, metrics: JSON.stringify(event.metrics) },
      )
      append(db, run, event, atMs)
      break
    case 'note':
      append(db, run, event, atMs)
      break
    case 'end':
      if (!setState(db, run, event.state, event.reason ?? null, atMs)) return []
      update(db, run, { peak_rss_bytes: Math.round(event.peak_rss_bytes), end_json: JSON.stringify(event) })
      append(db, run, event, atMs)
      break
  }
  return recorded
}

function setState(db: WritableDB, run: RunId, state: RunState, reason: string | null, atMs: number): boolean {
  const row = oneRow<{ state: RunState }>(db, 'SELECT state FROM runs WHERE id = $run', { run })
  if (!row || !mayFollow(row.state, state)) return false
  update(db, run, { state, reason, seconds_left: null })
  if (ENDED_STATES.includes(state)) update(db, run, { ended_at_ms: atMs, stage: null })
  if (state === 'queued') update(db, run, { ended_at_ms: null, queued_at_ms: atMs })
  if (state === 'preparing')
    change(db, 'UPDATE runs SET started_at_ms = coalesce(started_at_ms, $atMs) WHERE id = $run', {
      run,
      atMs,
    })
  return true
}

/** Column names come from the literals above, never from outside. */
function update(db: WritableDB, run: RunId, values: Record<string, string | number | null>): void {
  const assignments = Object.keys(values).map((column) => `${column} = $${column}`)
  change(db, `UPDATE runs SET ${assignments.join(', ')} WHERE id = $run`, { run, ...values })
}

function append(db: WritableDB, run: RunId, event: RunEvent, atMs: number): void {
  change(db, 'INSERT INTO run_events (run_id, at_ms, kind, event_json) VALUES ($run, $atMs, $kind, $json)', {
    run,
    atMs,
    kind: event.event,
    json: JSON.stringify(event),
  })
}

function recordEvaluation(
  db: WritableDB,
  run: RunId,
  evaluation: Extract<RunEvent, { event: 'evaluate' }>,
): void {
  const isAgain = hasEvaluation(db, run, evaluation.step)
  insertEvaluation(db, run, evaluation)
  const isBest = recordBest(db, run, evaluation.metrics)
  noteEvaluation(db, run, evaluation, { isBest, isAgain })
}

/** Whether it is the best so far. */
function recordBest(db: WritableDB, run: RunId, metrics: EvalMetrics): boolean {
  const row = oneRow<{ config_json: string; best_eval_json: string | null }>(
    db,
    'SELECT config_json, best_eval_json FROM runs WHERE id = $run',
    { run },
  )!
  const config = decode<RunConfig>(row.config_json)
  const best = decode<EvalMetrics>(row.best_eval_json)
  const [now, before] = [metrics[bestMetric(config)], best?.[bestMetric(config)]]
  const isBetter =
    before === undefined || (now !== undefined && (bestIsGreater(config) ? now > before : now < before))
  const json = JSON.stringify(metrics)
  update(db, run, { last_eval_json: json, ...(isBetter && { best_eval_json: json }) })
  return isBetter
}

function factsOf(event: Extract<RunEvent, { event: 'start' }>): Record<string, unknown> {
  const { labels, train_rows, validation_rows, provider, num_threads, data_sha256, tokenizer_sha256 } = event
  return { labels, train_rows, validation_rows, provider, num_threads, data_sha256, tokenizer_sha256 }
}

function describeDisagreement(differing: readonly Disagreement[]): string {
  const [{ step, name, before, now }] = differing as [Disagreement]
  return (
    `Step ${step} came out differently than before it was resumed: ${name} was ${before}, is now ${now}. ` +
    'The newer figures were kept.'
  )
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
