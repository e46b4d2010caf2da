/**
 * One worker process from its start to its end. It does one task at a time; its death, its silence and its garbage
 * all end in an outcome, never in a promise that stays open.
 */
import type { RunEvent } from '../../shared/domain/run'
import { UserError, invariant, type UserErrorData } from '../../shared/errors'
import type { FromWorker, SpawnWorker, Task, TaskKind, TaskResults, WorkerEntry } from '../worker/protocol'
import type { Limits } from './context'
import type { Log } from './log'

export interface WorkerExit {
  code: number | null
  signal: string | null
}

export type Outcome<K extends TaskKind> =
  | { kind: 'done'; result: TaskResults[K] }
  | { kind: 'failed'; error: UserErrorData; bug: boolean }
  /** Gone without a word. `wasReady` is false where it never came up. */
  | { kind: 'died'; exit: WorkerExit; wasReady: boolean }
  /** Ended by us, because it did not answer a cancel in time. */
  | { kind: 'ended' }

export interface TaskListeners {
  onEvent?: (event: RunEvent) => void
  onProgress?: (progress: { done: number; total: number | null; unit: string }) => void
}

export interface RunningTask<K extends TaskKind> {
  readonly finished: Promise<Outcome<K>>
  cancel(): void
  /** Asks a run to end well, for this reason. */
  stop(reason: string): void
  pause(): void
  unpause(): void
  /** Ends the process at once. */
  kill(): void
}

interface Current {
  kind: TaskKind
  listeners: TaskListeners
  settle: (outcome: Outcome<TaskKind>) => void
}

export class SupervisedWorker {
  readonly pid: number
  private readonly handle
  private current: Current | null = null
  private isReady = false
  private isDead = false
  private isEnded = false
  private pending: Task | null = null
  private timer: NodeJS.Timeout | undefined

  /** @throws UserError `environment` where the worker program is missing */
  constructor(
    spawn: SpawnWorker,
    entry: WorkerEntry,
    private readonly limits: Pick<Limits, 'readyMs' | 'cancelMs'>,
    private readonly log: Log,
  ) {
    this.handle = spawn(entry)
    this.pid = this.handle.pid
    this.handle.onMessage((message) => this.receive(message))
    this.handle.onExit((exit) => this.gone(exit))
    this.timer = setTimeout(() => this.handle.kill(), limits.readyMs)
  }

  get isAlive(): boolean {
    return !this.isDead && !this.isEnded
  }

  run<K extends TaskKind>(task: Extract<Task, { kind: K }>, listeners: TaskListeners = {}): RunningTask<K> {
    invariant(!this.current, 'a worker does one task at a time')
    const finished = new Promise<Outcome<TaskKind>>((settle) => {
      this.current = { kind: task.kind, listeners, settle }
    })
    if (this.isDead) this.settle({ kind: 'died', exit: { code: null, signal: null }, wasReady: this.isReady })
    else if (this.isReady) this.handle.send({ type: 'task', task })
    else this.pending = task
    return {
      finished: finished as Promise<Outcome<K>>,
      cancel: () => this.cancel(),
      stop: (reason) => this.handle.send({ type: 'stop', reason }),
      pause: () => this.handle.send({ type: 'pause' }),
      unpause: () => this.handle.send({ type: 'unpause' }),
      kill: () => this.handle.kill(),
    }
  }

  /** Asks the process to go, and makes sure that it does. */
  close(): void {
    if (!this.isAlive) return
    this.isEnded = true
    this.handle.send({ type: 'exit' })
    this.restartTimer(2_000)
  }

  private cancel(): void {
    if (!this.current || this.isDead) return
    if (!this.isReady) {
      this.isEnded = true
      this.handle.kill()
      return
    }
    this.handle.send({ type: 'cancel' })
    this.restartTimer(this.limits.cancelMs, () => (this.isEnded = true))
  }

  private restartTimer(ms: number, before?: () => void): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      before?.()
      this.handle.kill()
    }, ms)
  }

  private receive(message: FromWorker): void {
    if (typeof (message as unknown) !== 'object' || (message as unknown) === null) {
      this.log('warn', `worker ${this.pid} sent what is not a message`)
      return
    }
    switch (message.type) {
      case 'ready':
        if (this.isReady) return
        this.isReady = true
        clearTimeout(this.timer)
        if (this.pending) this.handle.send({ type: 'task', task: this.pending })
        this.pending = null
        return
      case 'event':
        this.current?.listeners.onEvent?.(message.event)
        return
      case 'progress':
        this.current?.listeners.onProgress?.(message)
        return
      case 'log':
        this.log(message.level, `worker ${this.pid}: ${message.text}`)
        return
      case 'done':
        if (message.kind !== this.current?.kind)
          this.log('warn', `worker ${this.pid} finished ${message.kind}`)
        else this.settle({ kind: 'done', result: message.result })
        return
      case 'failed':
        this.settle({ kind: 'failed', error: message.error, bug: message.bug })
        return
      default:
        this.log('warn', `worker ${this.pid} sent an unknown message`)
    }
  }

  private gone(exit: WorkerExit): void {
    if (this.isDead) return
    this.isDead = true
    clearTimeout(this.timer)
    this.settle(this.isEnded ? { kind: 'ended' } : { kind: 'died', exit, wasReady: this.isReady })
  }

  private settle(outcome: Outcome<TaskKind>): void {
    if (this.isReady) clearTimeout(this.timer)
    const { current } = this
    this.current = null
    current?.settle(outcome)
  }
}

/** The task's result; `advice`: what to try where memory ran out. @throws UserError for every other outcome */
export function resultOf<K extends TaskKind>(outcome: Outcome<K>, advice?: string): TaskResults[K] {
  switch (outcome.kind) {
    case 'done':
      return outcome.result
    case 'failed':
      throw UserError.from(withAdvice(outcome.error, advice))
    case 'died':
      throw new UserError('environment', describeDeath(outcome.exit, outcome.wasReady, advice), {
        hint: 'Try again; the log folder has the details.',
      })
    case 'ended':
      throw new UserError('cancelled', 'Cancelled.')
  }
}

/** Where memory ran out, what to try stands in place of the general hint. */
export function withAdvice(error: UserErrorData, advice?: string): UserErrorData {
  return error.code === 'out-of-memory' && advice !== undefined ? { ...error, hint: advice } : error
}

/** Whether it was killed, by a person or by the system for its memory. */
export function wasKilled({ signal, code }: WorkerExit): boolean {
  return signal === 'SIGKILL' || code === 9 || code === 137
}

/** V8's own end where memory runs out. */
function wasAborted({ signal, code }: WorkerExit): boolean {
  return signal === 'SIGABRT' || code === 134
}

const OUT_OF_MEMORY = 'If nobody ended it, the system probably ran out of memory'

/** A sentence for the end of a worker that said nothing; `advice`: what to try where memory ran out. */
export function describeDeath(exit: WorkerExit, wasReady: boolean, advice?: string): string {
  const how = exit.signal ?? (exit.code === null ? 'no exit code' : `exit code ${exit.code}`)
  if (!wasReady && !wasKilled(exit)) return `The engine process could not start (${how}).`
  return wasKilled(exit) || wasAborted(exit)
    ? [`The engine process was killed (${how}). ${OUT_OF_MEMORY}.`, advice].filter(Boolean).join(' ')
    : `The engine process ended unexpectedly (${how}).`
}
