/**
 * Writes what a run tells into the database: at most ten transactions a second, at once where it matters. While the
 * database cannot be written (disk full), events wait and the run pauses.
 */
import type { RunEvent } from '../../shared/domain/run'
import { UserError } from '../../shared/errors'
import type { CheckpointId, RunId } from '../../shared/ids'
import { inTransaction } from '../store/handles'
import { isOwner } from '../store/queries/leases'
import { recordEvents, type Recordable } from '../store/queries/recordEvents'
import type { ServiceContext } from './context'
import { mapEventPaths } from './eventPaths'
import { fromStored, toStored } from './home'
import { newId } from './newId'

/** Only the newest of these counts. */
const REPLACEABLE: ReadonlySet<RunEvent['event']> = new Set(['progress', 'prepare'])
const AT_ONCE: ReadonlySet<RunEvent['event']> = new Set(['state', 'start', 'checkpoint', 'end'])
const RETRY_MS = 2_000

export interface RecorderHooks {
  /** Events that are in the database now, with absolute paths. */
  onRecorded(events: RunEvent[]): void
  /** The database cannot be written (again, or no longer). */
  onBlocked(error: UserError | null): void
  /** A bug, or the lease went to another process: the run cannot go on here. */
  onBroken(error: unknown): void
}

export class EventRecorder {
  private waiting: Recordable[] = []
  private timer: NodeJS.Timeout | undefined
  private flushedAtMs = 0
  private isBlocked = false

  constructor(
    private readonly ctx: ServiceContext,
    private readonly run: RunId,
    private readonly hooks: RecorderHooks,
  ) {}

  push(event: RunEvent): void {
    const recordable: Recordable = {
      event: mapEventPaths(event, (path) => toStored(this.ctx.home, path)),
      atMs: this.ctx.now(),
      ...(event.event === 'checkpoint' && { id: newId<CheckpointId>() }),
    }
    const last = this.waiting.at(-1)
    if (last?.event.event === event.event && REPLACEABLE.has(event.event)) this.waiting.pop()
    this.waiting.push(recordable)
    if (this.isBlocked) return
    const waitMs = this.flushedAtMs + this.ctx.limits.flushMs - Date.now()
    if (AT_ONCE.has(event.event) || waitMs <= 0) this.flush()
    else this.timer ??= setTimeout(() => this.flush(), waitMs)
  }

  /** Writes everything that waits. Returns whether nothing waits any more. */
  flush(): boolean {
    clearTimeout(this.timer)
    this.timer = undefined
    this.flushedAtMs = Date.now()
    if (this.waiting.length === 0) return true
    const { ctx, run } = this
    try {
      const recorded = inTransaction(ctx.db, () => {
        if (!isOwner(ctx.db, 'run', run, ctx.owner))
          throw new UserError('conflict', 'Another process took this run over.')
        return recordEvents(ctx.db, run, this.waiting)
      })
      this.waiting = []
      this.setBlocked(null)
      this.hooks.onRecorded(
        recorded.map((event) => mapEventPaths(event, (path) => fromStored(ctx.home, path))),
      )
      return true
    } catch (error) {
      if (!(error instanceof UserError) || error.code === 'conflict') {
        this.waiting = []
        this.hooks.onBroken(error)
        return true
      }
      this.setBlocked(error)
      this.timer = setTimeout(() => this.flush(), RETRY_MS)
      return false
    }
  }

  private setBlocked(error: UserError | null): void {
    if (this.isBlocked === (error !== null)) return
    this.isBlocked = error !== null
    this.hooks.onBlocked(error)
  }
}
