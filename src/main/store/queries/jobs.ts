/** Jobs: anything long that is not a run. */
import type { Job, JobKind, JobState } from '../../../shared/domain/job'
import type { UserErrorData } from '../../../shared/errors'
import type { JobId } from '../../../shared/ids'
import { allRows, change, oneRow, type ReadableDB, type WritableDB } from '../handles'
import { toJob, type JobRow } from '../rows'

const SHOWN = 50

export function insertJob(
  db: WritableDB,
  job: { id: JobId; kind: JobKind; title: string; atMs: number },
): void {
  change(
    db,
    `INSERT INTO jobs (id, kind, title, state, started_at_ms) VALUES ($id, $kind, $title, 'running', $atMs)`,
    job,
  )
}

export function setJobProgress(
  db: WritableDB,
  id: JobId,
  progress: { done: number; total: number | null; unit: string },
): void {
  change(db, `UPDATE jobs SET done = $done, total = $total, unit = $unit WHERE id = $id`, { id, ...progress })
}

export function endJob(
  db: WritableDB,
  id: JobId,
  end: {
    state: Exclude<JobState, 'running'>
    error: UserErrorData | null
    result: Record<string, string> | null
    atMs: number
  },
): void {
  change(
    db,
    `UPDATE jobs SET state = $state, error_json = $error, result_json = $result, ended_at_ms = $atMs
     WHERE id = $id AND state = 'running'`,
    {
      id,
      state: end.state,
      error: end.error && JSON.stringify(end.error),
      result: end.result && JSON.stringify(end.result),
      atMs: end.atMs,
    },
  )
}

export function dismissJob(db: WritableDB, id: JobId): void {
  change(db, `UPDATE jobs SET is_dismissed = 1 WHERE id = $id AND state <> 'running'`, { id })
}

/** Running jobs and the latest ended ones that nobody dismissed, newest first. */
export function listJobs(db: ReadableDB): Job[] {
  return allRows<JobRow>(
    db,
    `SELECT * FROM jobs WHERE is_dismissed = 0
     ORDER BY state = 'running' DESC, started_at_ms DESC, id LIMIT ${SHOWN}`,
  ).map(toJob)
}

export function findJob(db: ReadableDB, id: JobId): Job | undefined {
  const row = oneRow<JobRow>(db, 'SELECT * FROM jobs WHERE id = $id', { id })
  return row && toJob(row)
}
