/** Jobs: work that is not a run (import, export, verify, measure), with progress, cancel and an owner. */
import type { Job, JobKind } from '../../shared/domain/job'
import { UserError, cancelled, type UserErrorData } from '../../shared/errors'
import type { JobId } from '../../shared/ids'
import { inTransaction } from '../store/handles'
import { dismissJob, endJob, findJob, insertJob, listJobs, setJobProgress } from '../store/queries/jobs'
import { addRequest, dropRequests, isOwner, releaseLease, takeLease } from '../store/queries/leases'
import type { Task, TaskKind, TaskResults } from '../worker/protocol'
import type { ServiceContext } from './context'
import { reportBug } from './log'
import { newId } from './newId'
import { resultOf, type TaskListeners } from './supervisor'

type Progress = { done: number; total: number | null; unit: string }

/** What a job's work gets: tasks run through it show their progress and end with the job. */
export interface JobHandle {
  readonly id: JobId
  readonly signal: AbortSignal
  /** `listeners`: who hears the task's progress instead of the job's row, and its events. */
  run<K extends TaskKind>(
    task: Extract<Task, { kind: K }>,
    listeners?: TaskListeners,
    /** What to try where memory ran out. */
    advice?: string,
  ): Promise<TaskResults[K]>
  /** For work of several tasks that counts as one. */
  progress(progress: Progress): void
}

export interface JobSpec<T> {
  kind: JobKind
  title: string
  work: (job: JobHandle) => Promise<T>
  /** What the job's row says it made. */
  result: (made: T) => Record<string, string>
}

export interface StartedJob<T> {
  id: JobId
  /** Rejects with the UserError that the job's row shows. */
  finished: Promise<T>
}

export interface JobsService {
  start<T>(spec: JobSpec<T>): StartedJob<T>
  list(): Job[]
  find(id: JobId): Job | undefined
  cancel(id: JobId): void
  dismiss(id: JobId): void
  /** Cancels what this process has going; resolves once all of it has ended. */
  cancelAll(): Promise<void>
}

export function jobsService(ctx: ServiceContext): JobsService {
  const going = new Map<JobId, { controller: AbortController; finished: Promise<unknown> }>()

  function start<T>(spec: JobSpec<T>): StartedJob<T> {
    const id = newId<JobId>()
    const controller = new AbortController()
    const atMs = ctx.now()
    inTransaction(ctx.db, () => {
      insertJob(ctx.db, { id, kind: spec.kind, title: spec.title, atMs })
      takeLease(ctx.db, 'job', id, ctx.owner, atMs)
    })
    const finished = carryOut(id, spec, controller.signal).finally(() => going.delete(id))
    finished.catch(() => undefined) // The row has it; whoever awaits `finished` gets it too.
    going.set(id, { controller, finished })
    return { id, finished }
  }

  async function carryOut<T>(id: JobId, spec: JobSpec<T>, signal: AbortSignal): Promise<T> {
    try {
      const made = await spec.work(handle(ctx, id, signal))
      end(id, 'done', null, spec.result(made))
      return made
    } catch (error) {
      const shown = error instanceof UserError ? error : internalError(ctx, error)
      end(id, shown.code === 'cancelled' ? 'cancelled' : 'failed', shown.toData(), null)
      throw shown
    }
  }

  function end(
    id: JobId,
    state: 'done' | 'failed' | 'cancelled',
    error: UserErrorData | null,
    result: Record<string, string> | null,
  ): void {
    inTransaction(ctx.db, () => {
      endJob(ctx.db, id, { state, error: state === 'cancelled' ? null : error, result, atMs: ctx.now() })
      releaseLease(ctx.db, 'job', id)
      dropRequests(ctx.db, 'job', id)
    })
  }

  return {
    start,
    list: () => listJobs(ctx.db),
    find: (id) => findJob(ctx.db, id),
    cancel(id) {
      const job = findJob(ctx.db, id)
      if (!job) throw new UserError('not-found', 'This job does not exist any more.')
      if (job.state !== 'running') return
      if (isOwner(ctx.db, 'job', id, ctx.owner)) going.get(id)?.controller.abort(cancelled())
      else addRequest(ctx.db, 'job', id, 'cancel', ctx.now())
    },
    dismiss: (id) => dismissJob(ctx.db, id),
    async cancelAll() {
      const all = [...going.values()]
      for (const { controller } of all) controller.abort(cancelled())
      await Promise.allSettled(all.map(({ finished }) => finished))
    },
  }
}

function handle(ctx: ServiceContext, id: JobId, signal: AbortSignal): JobHandle {
  let shownAtMs = 0
  function progress({ done, total, unit }: Progress): void {
    const now = ctx.now()
    if (done !== total && now - shownAtMs < ctx.limits.flushMs) return
    shownAtMs = now
    setJobProgress(ctx.db, id, { done: Math.round(done), total: total && Math.round(total), unit })
  }
  return {
    id,
    signal,
    progress,
    async run(task, listeners, advice) {
      signal.throwIfAborted()
      const running = ctx.workers.run(task, { onProgress: progress, ...listeners })
      const onAbort = () => running.cancel()
      signal.addEventListener('abort', onAbort, { once: true })
      try {
        return resultOf(await running.finished, advice)
      } finally {
        signal.removeEventListener('abort', onAbort)
      }
    },
  }
}

function internalError(ctx: ServiceContext, error: unknown): UserError {
  const report = reportBug(ctx.log, error)
  return new UserError('environment', `Internal error (report ${report}).`, {
    hint: 'This is a fault of Tunesmith, not of your data; the log folder has the details.',
    cause: error,
  })
}
