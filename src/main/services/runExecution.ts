/**
 * One run while this process works on it: starts the engine, records what it tells, and turns each way it can end
 * (done, failed, died, cancelled, closed) into a state with a reason.
 */
import { ENDED_STATES, type RunEvent, type RunState } from '../../shared/domain/run'
import type { RunConfig } from '../../shared/domain/runConfig'
import { describeError, UserError } from '../../shared/errors'
import type { DatasetVersionId, RunId } from '../../shared/ids'
import { megabytes } from '../../shared/megabytes'
import { listCheckpoints } from '../store/queries/checkpoints'
import { findVersion } from '../store/queries/datasets'
import { setLeaseWorker } from '../store/queries/leases'
import { findRun } from '../store/queries/runs'
import { isTrialRun } from '../store/queries/studies'
import { decode, type RunRow } from '../store/rows'
import type { RunTask } from '../worker/protocol'
import type { ServiceContext } from './context'
import { LEAST_FREE_BYTES, assertFree, freeBytes } from './diskSpace'
import { EventRecorder } from './eventRecorder'
import { frozenConfig } from './frozenConfig'
import { fromStored } from './home'
import { leakNotes } from './leakGate'
import { reportBug } from './log'
import { processStarted } from './processIdentity'
import { smallerSetting } from './smallerSetting'
import {
  describeDeath,
  wasKilled,
  withAdvice,
  type Outcome,
  type RunningTask,
  type SupervisedWorker,
} from './supervisor'

const DISK_CHECK_MS = 5_000

export class RunExecution {
  readonly finished: Promise<void>
  private readonly recorder: EventRecorder
  private worker: SupervisedWorker | null = null
  private running: RunningTask<'run'> | null = null
  private isCancelling = false
  private isClosing = false
  private hasEnded = false
  private lowestFreeBytes = LEAST_FREE_BYTES
  private waitsForRoom = false
  private broken: unknown

  constructor(
    private readonly ctx: ServiceContext,
    private readonly row: RunRow,
    private readonly onRecorded: (run: RunId, events: RunEvent[]) => void,
  ) {
    this.recorder = new EventRecorder(ctx, this.id, {
      onRecorded: (events) => this.onRecorded(this.id, events),
      onBlocked: (error) => this.blocked(error),
      onBroken: (error) => this.stopBroken(error),
    })
    this.finished = this.carryOut()
  }

  get id(): RunId {
    return this.row.id as RunId
  }

  cancel(): void {
    this.isCancelling = true
    this.running?.cancel()
  }

  /** A rule ends it: with the weights it has, as stopped. */
  stop(reason: string): void {
    this.running?.stop(reason)
  }

  pause(): void {
    this.running?.pause()
  }

  unpause(): void {
    this.running?.unpause()
  }

  /** The studio closes: stops as a cancel does, and leaves the run to be resumed. */
  close(): void {
    this.isClosing = true
    this.cancel()
  }

  private async carryOut(): Promise<void> {
    let outcome: Outcome<'run'>
    const diskCheck = setInterval(() => this.checkDisk(), DISK_CHECK_MS)
    try {
      outcome = await this.train()
    } catch (error) {
      outcome = failure(this.ctx, error)
    } finally {
      clearInterval(diskCheck)
      this.worker?.close()
    }
    if (this.broken !== undefined) outcome = failure(this.ctx, this.broken)
    if (!this.hasEnded) this.recorder.push(this.lastState(outcome))
    for (let tries = 0; !this.recorder.flush() && tries < 5; tries++)
      await new Promise((resolve) => setTimeout(resolve, 1_000))
  }

  private async train(): Promise<Outcome<'run'>> {
    const task = runTask(this.ctx, this.row)
    if (this.isCancelling) return { kind: 'ended' }
    if (task.resumeFrom.length === 0 && !task.isTrial)
      for (const text of leakNotes(this.ctx.db, this.row.dataset_version_id as DatasetVersionId))
        this.recorder.push({ event: 'note', text })
    this.worker = this.ctx.workers.open('engine')
    const { pid } = this.worker
    setLeaseWorker(this.ctx.db, 'run', this.id, { pid, started: processStarted(pid) ?? '' })
    this.running = this.worker.run(task, { onEvent: (event) => this.receive(event) })
    return this.running.finished
  }

  private receive(event: RunEvent): void {
    if (this.hasEnded || this.broken !== undefined) return
    if (event.event === 'checkpoint') this.lowestFreeBytes = Math.max(LEAST_FREE_BYTES, 2 * event.size_bytes)
    if (event.event === 'end' || (event.event === 'state' && ENDED_STATES.includes(event.state)))
      this.hasEnded = true
    if (this.isClosing && event.event === 'end' && event.state === 'cancelled')
      this.recorder.push(stateEvent('interrupted', CLOSED))
    else this.recorder.push(event)
    // An engine that goes straight to work still shows as running.
    if (event.event === 'start') this.recorder.push(stateEvent('running', null))
  }

  private lastState(outcome: Outcome<'run'>): RunEvent {
    if (this.isClosing && outcome.kind !== 'done') return stateEvent('interrupted', CLOSED)
    switch (outcome.kind) {
      case 'done':
        return stateEvent(outcome.result.state, null)
      case 'failed':
        return outcome.error.code === 'cancelled'
          ? stateEvent('cancelled', null)
          : stateEvent('failed', describeError(withAdvice(outcome.error, this.advice())))
      case 'ended':
        return stateEvent(
          'cancelled',
          this.worker ? 'The engine did not answer in time and was ended.' : null,
        )
      case 'died':
        if (this.isCancelling) return stateEvent('cancelled', null)
        return stateEvent(
          outcome.wasReady || wasKilled(outcome.exit) ? 'interrupted' : 'failed',
          describeDeath(outcome.exit, outcome.wasReady, this.advice()),
        )
    }
  }

  /** What to try where memory ran out. */
  private advice(): string {
    return smallerSetting(decode<RunConfig>(this.row.config_json))
  }

  /** Below what the next checkpoint may need the run pauses, and goes on once there is room. */
  private checkDisk(): void {
    const { state } = findRun(this.ctx.db, this.id)!
    const free = freeBytes(fromStored(this.ctx.home, this.row.run_dir))
    const hasRoom = free >= this.lowestFreeBytes
    if (hasRoom && this.waitsForRoom) {
      this.waitsForRoom = false
      if (state === 'paused') this.unpause()
    } else if (!hasRoom && state === 'running') {
      this.waitsForRoom = true
      const needed = megabytes(this.lowestFreeBytes)
      this.recorder.push({
        event: 'note',
        text: `Paused: ${megabytes(free)} of disk are free, the next checkpoint may need ${needed}. Free some space: the run then goes on by itself.`,
      })
      this.pause()
    }
  }

  private blocked(error: UserError | null): void {
    if (error) this.ctx.log('error', `run ${this.id} waits: ${describeError(error)}`)
    if (error) this.pause()
    else this.unpause()
  }

  private stopBroken(error: unknown): void {
    this.broken = error
    this.running?.kill()
  }
}

const CLOSED = 'Stopped because the studio was closed; resume it to go on.'

function stateEvent(state: RunState, reason: string | null): RunEvent {
  return { event: 'state', state, ...(reason !== null && { reason }) }
}

function failure(ctx: ServiceContext, error: unknown): Outcome<'run'> {
  if (error instanceof UserError) return { kind: 'failed', error: error.toData(), bug: false }
  const report = reportBug(ctx.log, error)
  return {
    kind: 'failed',
    bug: true,
    error: { code: 'environment', message: `Internal error (report ${report}).` },
  }
}

/** @throws UserError where the dataset is gone or the disk too full */
function runTask(ctx: ServiceContext, row: RunRow): RunTask {
  const version = row.dataset_version_id && findVersion(ctx.db, row.dataset_version_id as DatasetVersionId)
  if (!version)
    throw new UserError('not-found', `The dataset ${row.dataset_name} was deleted.`, {
      hint: 'Import it again and start a new run.',
    })
  const runDir = fromStored(ctx.home, row.run_dir)
  assertFree(ctx.home.root, LEAST_FREE_BYTES, 'A run')
  return {
    kind: 'run',
    runId: row.id as RunId,
    config: frozenConfig(row),
    datasetFile: fromStored(ctx.home, version.file),
    runDir,
    cacheDir: ctx.home.cache,
    modelDir: row.model_dir && fromStored(ctx.home, row.model_dir),
    resumeFrom: listCheckpoints(ctx.db, row.id as RunId)
      .filter(({ kind }) => kind !== 'final')
      .map(({ path }) => fromStored(ctx.home, path)),
    isTrial: isTrialRun(ctx.db, row.id as RunId),
  }
}
