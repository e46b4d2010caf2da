/** Studies and their trials. A trial is written before its first run starts and ends in one transaction. */
import type { Params } from '../../../shared/domain/searchSpace'
import type { StudyState, TrialState } from '../../../shared/domain/study'
import type { StudyConfig } from '../../../shared/domain/studyConfig'
import type { TrialDetail } from '../../../shared/domain/studyDetail'
import type { RunId, StudyId } from '../../../shared/ids'
import { allRows, change, inTransaction, oneRow, type ReadableDB, type WritableDB } from '../handles'
import { decode } from '../rows'

export interface StudyRow {
  id: string
  number: number
  name: string
  state: StudyState
  reason: string | null
  config_json: string
  created_at_ms: number
  ended_at_ms: number | null
  spent_ms: number
  resumed_at_ms: number
}

/** A trial as stored, and the rungs of successive halving that only the pruner reads. */
export interface StoredTrial extends TrialDetail {
  rungs: number[]
}

export function insertStudy(db: WritableDB, id: StudyId, config: StudyConfig, atMs: number): number {
  return inTransaction(db, () => {
    const number = oneRow<{ next: number }>(
      db,
      'SELECT coalesce(max(number), 0) + 1 AS next FROM studies',
    )!.next
    change(
      db,
      `INSERT INTO studies (id, number, name, state, config_json, created_at_ms, resumed_at_ms)
       VALUES ($id, $number, $name, 'running', $config, $atMs, $atMs)`,
      { id, number, name: config.name ?? `Study ${number}`, config: JSON.stringify(config), atMs },
    )
    return number
  })
}

export function findStudy(db: ReadableDB, id: StudyId): StudyRow | undefined {
  return oneRow<StudyRow>(db, 'SELECT * FROM studies WHERE id = $id', { id })
}

export function listStudies(db: ReadableDB): StudyRow[] {
  return allRows<StudyRow>(db, 'SELECT * FROM studies ORDER BY number DESC')
}

/** By the start of the id, or the number: at most two, so that the caller sees ambiguity. */
export function findStudiesLike(db: ReadableDB, text: string): StudyRow[] {
  const number = /^#?\d{1,9}$/.test(text) ? Number(text.replace('#', '')) : -1
  return allRows<StudyRow>(
    db,
    `SELECT * FROM studies WHERE number = $number OR substr(id, 1, length($text)) = $text
     ORDER BY number = $number DESC LIMIT 2`,
    { number, text },
  )
}

export function endStudy(
  db: WritableDB,
  id: StudyId,
  { state, reason, atMs }: { state: Exclude<StudyState, 'running'>; reason: string | null; atMs: number },
): void {
  change(
    db,
    `UPDATE studies SET state = $state, reason = $reason, ended_at_ms = $atMs,
       spent_ms = spent_ms + ($atMs - resumed_at_ms)
     WHERE id = $id AND state = 'running'`,
    { id, state, reason, atMs },
  )
}

export function resumeStudy(db: WritableDB, id: StudyId, atMs: number): void {
  change(
    db,
    `UPDATE studies SET state = 'running', reason = NULL, ended_at_ms = NULL, resumed_at_ms = $atMs WHERE id = $id`,
    { id, atMs },
  )
}

export function deleteStudy(db: WritableDB, id: StudyId): void {
  change(db, 'DELETE FROM studies WHERE id = $id', { id })
}

export function insertTrial(
  db: WritableDB,
  study: StudyId,
  number: number,
  params: Params,
  atMs: number,
): void {
  change(
    db,
    `INSERT INTO trials (study_id, number, state, params_json, started_at_ms)
     VALUES ($study, $number, 'running', $params, $atMs)`,
    { study, number, params: JSON.stringify(params), atMs },
  )
}

/** Ends a running trial; one that has ended stays as it is. */
export function endTrial(
  db: WritableDB,
  study: StudyId,
  number: number,
  end: {
    state: Exclude<TrialState, 'running' | 'waiting'>
    value: number | null
    reason: string | null
    atMs: number
  },
): void {
  change(
    db,
    `UPDATE trials SET state = $state, value = $value, reason = $reason, ended_at_ms = $atMs
     WHERE study_id = $study AND number = $number AND state = 'running'`,
    { study, number, ...end },
  )
}

export function addTrialRun(
  db: WritableDB,
  study: StudyId,
  trial: number,
  { position, run, seed }: { position: number; run: RunId; seed: number | null },
): void {
  change(
    db,
    `INSERT OR REPLACE INTO trial_runs (study_id, trial, position, run_id, seed)
     VALUES ($study, $trial, $position, $run, $seed)`,
    { study, trial, position, run, seed },
  )
}

export function setTrialRunValue(
  db: WritableDB,
  study: StudyId,
  trial: number,
  run: RunId,
  value: number,
): void {
  change(
    db,
    'UPDATE trial_runs SET value = $value WHERE study_id = $study AND trial = $trial AND run_id = $run',
    { study, trial, run, value },
  )
}

/** A report and the rungs it reached. A report that is made again after a resume replaces the first. */
export function reportTrial(
  db: WritableDB,
  study: StudyId,
  trial: number,
  report: { step: number; value: number; rungs: readonly number[] | undefined },
): void {
  inTransaction(db, () => {
    change(
      db,
      'INSERT OR REPLACE INTO trial_values (study_id, trial, step, value) VALUES ($study, $trial, $step, $value)',
      { study, trial, step: report.step, value: Number.isFinite(report.value) ? report.value : null },
    )
    if (report.rungs)
      change(db, 'UPDATE trials SET rungs_json = $rungs WHERE study_id = $study AND number = $trial', {
        study,
        trial,
        rungs: JSON.stringify(report.rungs),
      })
  })
}

export function listTrials(db: ReadableDB, study: StudyId): StoredTrial[] {
  const runs = groupBy(
    allRows<{
      trial: number
      run: RunId
      seed: number | null
      state: TrialDetail['runs'][0]['state']
      value: number | null
    }>(
      db,
      `SELECT trial, run_id AS run, trial_runs.seed, runs.state, value FROM trial_runs
       JOIN runs ON runs.id = trial_runs.run_id WHERE study_id = $study ORDER BY trial, position`,
      { study },
    ),
  )
  const values = groupBy(
    allRows<{ trial: number; step: number; value: number | null }>(
      db,
      'SELECT trial, step, value FROM trial_values WHERE study_id = $study ORDER BY trial, step',
      { study },
    ),
  )
  return allRows<{
    number: number
    state: TrialState
    params_json: string
    value: number | null
    reason: string | null
    rungs_json: string
    started_at_ms: number
    ended_at_ms: number | null
  }>(db, 'SELECT * FROM trials WHERE study_id = $study ORDER BY number', { study }).map((row) => ({
    number: row.number,
    state: row.state,
    params: decode<Params>(row.params_json),
    value: row.value,
    reason: row.reason,
    rungs: decode<number[]>(row.rungs_json),
    intermediate: (values.get(row.number) ?? []).map(({ step, value }) => [step, value ?? NaN]),
    runs: (runs.get(row.number) ?? []).map(({ run, seed, state, value }) => ({ run, seed, state, value })),
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
  }))
}

function groupBy<R extends { trial: number }>(rows: readonly R[]): Map<number, R[]> {
  const groups = new Map<number, R[]>()
  for (const row of rows) groups.set(row.trial, [...(groups.get(row.trial) ?? []), row])
  return groups
}

/** Whether a run is a study's: it needs no baselines of its own. */
export function isTrialRun(db: ReadableDB, run: RunId): boolean {
  return oneRow(db, 'SELECT 1 FROM trial_runs WHERE run_id = $run LIMIT 1', { run }) !== undefined
}

/** Epochs that all runs of a study have trained. */
export function epochsOfStudy(db: ReadableDB, study: StudyId): number {
  return oneRow<{ epochs: number }>(
    db,
    `SELECT coalesce(sum(epoch), 0) AS epochs FROM runs
     WHERE id IN (SELECT run_id FROM trial_runs WHERE study_id = $study)`,
    { study },
  )!.epochs
}
