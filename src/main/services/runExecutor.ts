/** The runs this process works on: takes the next from the queue, keeps their leases, answers requests about them. */
import { ENDED_STATES, type RunEvent, type RunState } from '../../shared/domain/run'
import { invariant } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import { inTransaction } from '../store/handles'
import { dropRequests, isOwner, releaseLease, takeLease, type Action } from '../store/queries/leases'
import { recordEvents, recordState } from '../store/queries/recordEvents'
import { findRun, runsInStates } from '../store/queries/runs'
import type { ServiceContext } from './context'
import { writeFindings } from './findings'
import { RunExecution } from './runExecution'
import { adoptQueued, claimNext } from './runQueue'

export type FollowRun = (events: RunEvent[]) => void

export class RunExecutor {
  private readonly going = new Map<RunId, RunExecution>()
  private readonly followers = new Map<RunId, Set<FollowRun>>()
  private readonly waiters = new Map<RunId, ((state: RunState) => void)[]>()
  private isClosing = false

  constructor(private readonly ctx: ServiceContext) {}

  /** Puts a run that exists into the queue of this process; `again` where it had ended. */
  enqueue(id: RunId, again: boolean): void {
    const { ctx } = this
    const atMs = ctx.now()
    inTransaction(ctx.db, () => {
      takeLease(ctx.db, 'run', id, ctx.owner, atMs)
      dropRequests(ctx.db, 'run', id)
      if (again) invariant(recordState(ctx.db, id, 'queued', null, atMs), 'an ended run can be queued again')
    })
    this.schedule()
  }

  /** Starts what may start now. */
  schedule(): void {
    if (this.isClosing || runsInStates(this.ctx.db, ['queued']).length === 0) return
    adoptQueued(this.ctx.db, this.ctx.owner, this.ctx.now())
    for (;;) {
      const row = claimNext(this.ctx.db, this.ctx.owner, this.ctx.now())
      if (!row) return
      const execution = new RunExecution(this.ctx, row, (id, events) => this.tell(id, events))
      this.going.set(execution.id, execution)
      this.tell(execution.id, [{ event: 'state', state: 'preparing' }])
      void execution.finished.then(() => this.conclude(execution.id))
    }
  }

  /** Does what was asked, where this process has the run. */
  act(id: RunId, action: Action): void {
    const execution = this.going.get(id)
    if (execution) execution[action]()
    else if (action === 'cancel') this.cancelQueued(id)
  }

  /** Ends a run of this process by a rule, with this reason. */
  stop(id: RunId, reason: string): void {
    this.going.get(id)?.stop(reason)
  }

  /** Every recorded event of a run of this process, at once and in order. */
  follow(id: RunId, follower: FollowRun): () => void {
    const followers = this.followers.get(id) ?? new Set()
    this.followers.set(id, followers.add(follower))
    return () => followers.delete(follower)
  }

  /** The state a run of this process ends in, once all about it is written. */
  ended(id: RunId): Promise<RunState> {
    const state = findRun(this.ctx.db, id)?.state as RunState | undefined
    if (!this.going.has(id) && state && ENDED_STATES.includes(state)) return Promise.resolve(state)
    return new Promise((resolve) => {
      this.waiters.set(id, [...(this.waiters.get(id) ?? []), resolve])
    })
  }

  /** Stops everything with a checkpoint and leaves it to be resumed. */
  async close(): Promise<void> {
    this.isClosing = true
    const executions = [...this.going.values()]
    for (const execution of executions) execution.close()
    await Promise.all(executions.map((execution) => execution.finished))
  }

  private cancelQueued(id: RunId): void {
    const { ctx } = this
    inTransaction(ctx.db, () => {
      if (!isOwner(ctx.db, 'run', id, ctx.owner)) return
      const event: RunEvent = { event: 'state', state: 'cancelled', reason: 'Cancelled before it started.' }
      this.tell(id, recordEvents(ctx.db, id, [{ event, atMs: ctx.now() }]))
    })
    this.conclude(id)
  }

  private conclude(id: RunId): void {
    const { ctx } = this
    try {
      if (isOwner(ctx.db, 'run', id, ctx.owner))
        inTransaction(ctx.db, () => {
          writeFindings(ctx, id)
          releaseLease(ctx.db, 'run', id)
          dropRequests(ctx.db, 'run', id)
        })
    } catch (error) {
      ctx.log('error', `run ${id} could not be concluded: ${String(error)}`)
    }
    this.going.delete(id)
    const state = findRun(ctx.db, id)?.state as RunState | undefined
    for (const resolve of this.waiters.get(id) ?? []) resolve(state ?? 'interrupted')
    this.waiters.delete(id)
    this.followers.delete(id)
    this.schedule()
  }

  private tell(id: RunId, events: RunEvent[]): void {
    if (events.length > 0) for (const follower of this.followers.get(id) ?? []) follower(events)
  }
}
