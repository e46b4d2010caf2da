/** Clears up after processes that died: their runs become interrupted, their jobs failed. Nothing stays "running". */
import type { RunId, StudyId } from '../../shared/ids'
import type { JobId } from '../../shared/ids'
import { inTransaction } from '../store/handles'
import { endJob, listJobs } from '../store/queries/jobs'
import { dropRequests, findLease, listLeases, releaseLease, type Lease } from '../store/queries/leases'
import { recordState } from '../store/queries/recordEvents'
import { findRun, runsInStates } from '../store/queries/runs'
import { endStudy, listStudies } from '../store/queries/studies'
import type { ServiceContext } from './context'
import { endOrphan, isGone } from './processIdentity'

export function clearUp(ctx: ServiceContext): void {
  for (const lease of listLeases(ctx.db)) if (isGone(lease)) clearLease(ctx, lease)
  for (const row of runsInStates(ctx.db, ['preparing', 'running', 'paused']))
    if (!findLease(ctx.db, 'run', row.id))
      interrupt(ctx, row.id as RunId, 'Nobody was working on it any more.')
  for (const study of listStudies(ctx.db))
    if (study.state === 'running' && !findLease(ctx.db, 'study', study.id))
      interruptStudy(ctx, study.id as StudyId, 'Nobody was working on it any more.')
  for (const job of listJobs(ctx.db))
    if (job.state === 'running' && !findLease(ctx.db, 'job', job.id)) failJob(ctx, job.id)
}

function clearLease(ctx: ServiceContext, lease: Lease): void {
  endOrphan(lease.workerPid, lease.workerStarted)
  inTransaction(ctx.db, () => {
    const current = findLease(ctx.db, lease.kind, lease.id)
    if (current?.pid !== lease.pid || current.processStarted !== lease.processStarted) return
    if (lease.kind === 'study') {
      const who = lease.owner === 'window' ? 'The studio' : 'The command'
      interruptStudy(
        ctx,
        lease.id as StudyId,
        `${who} that ran it (process ${lease.pid}) ended; resume it to go on.`,
      )
      releaseLease(ctx.db, 'study', lease.id)
      dropRequests(ctx.db, 'study', lease.id)
      return
    }
    if (lease.kind === 'job') {
      failJob(ctx, lease.id as JobId)
      releaseLease(ctx.db, 'job', lease.id)
      dropRequests(ctx.db, 'job', lease.id)
      return
    }
    const run = findRun(ctx.db, lease.id as RunId)
    // A queued run of the window stays queued: the next window takes it over.
    if (run?.state === 'queued' && lease.owner === 'window') return
    const who = lease.owner === 'window' ? 'The studio' : 'The command'
    interrupt(ctx, lease.id as RunId, `${who} that ran it (process ${lease.pid}) ended without finishing it.`)
    releaseLease(ctx.db, 'run', lease.id)
    dropRequests(ctx.db, 'run', lease.id)
  })
}

function interrupt(ctx: ServiceContext, run: RunId, reason: string): void {
  recordState(ctx.db, run, 'interrupted', reason, ctx.now())
}

function interruptStudy(ctx: ServiceContext, study: StudyId, reason: string): void {
  endStudy(ctx.db, study, { state: 'interrupted', reason, atMs: ctx.now() })
}

function failJob(ctx: ServiceContext, job: JobId): void {
  endJob(ctx.db, job, {
    state: 'failed',
    error: { code: 'environment', message: 'The process that did it ended.', hint: 'Start it again.' },
    result: null,
    atMs: ctx.now(),
  })
}
