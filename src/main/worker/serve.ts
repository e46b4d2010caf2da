/** The loop of a worker process: one task at a time, its messages, its errors. */
import { UserError, cancelled } from '../../shared/errors'
import type { RunEvent } from '../../shared/domain/run'
import { ioError } from '../engine/checkpoint/ioError'
import { workerPort, type WorkerPort } from './port'
import type { FromWorker, Task, TaskKind, TaskResults, ToWorker } from './protocol'

export interface TaskContext {
  /** Aborted when the owner cancels the task. */
  readonly signal: AbortSignal
  emit(event: RunEvent): void
  progress(done: number, total: number | null, unit: string): void
  log(level: 'info' | 'warn' | 'error', text: string): void
  /**
   * Lets messages in, waits while the task is paused. Computing is synchronous: without this no cancel is heard.
   * @throws UserError `cancelled`
   */
  breathe(): Promise<void>
  isPaused(): boolean
  /** Called when the owner pauses the task or lets it go on. */
  onPaused(listener: (isPaused: boolean) => void): void
}

export type TaskOf<K extends TaskKind> = Extract<Task, { kind: K }>
export type TaskHandlers<K extends TaskKind> = {
  [Kind in K]: (task: TaskOf<Kind>, context: TaskContext) => Promise<TaskResults[Kind]>
}

interface Current {
  controller: AbortController
  isPaused: boolean
  pauseListeners: ((isPaused: boolean) => void)[]
}

/** Answers messages until the owner says exit or goes away. */
export function serve<K extends TaskKind>(handlers: TaskHandlers<K>, port: WorkerPort = workerPort()): void {
  let current: Current | null = null
  let isExiting = false

  async function start(task: Task): Promise<void> {
    if (current) {
      port.post(failure(new UserError('conflict', 'This worker is busy with another task.')))
      return
    }
    current = { controller: new AbortController(), isPaused: false, pauseListeners: [] }
    port.post(await answer(task, handlers, contextOf(current, port)))
    current = null
    if (isExiting) port.exit()
  }

  function setPaused(isPaused: boolean): void {
    if (!current || current.isPaused === isPaused) return
    current.isPaused = isPaused
    for (const listener of current.pauseListeners) listener(isPaused)
  }

  port.onMessage((message: ToWorker) => {
    switch (message.type) {
      case 'task':
        void start(message.task)
        break
      case 'cancel':
        current?.controller.abort(cancelled())
        break
      case 'pause':
        setPaused(true)
        break
      case 'unpause':
        setPaused(false)
        break
      case 'exit':
        isExiting = true
        if (!current) port.exit()
    }
  })
  port.onClosed(() => process.exit(0))
  port.post({ type: 'ready' })
}

function contextOf(current: Current, port: WorkerPort): TaskContext {
  const { signal } = current.controller
  return {
    signal,
    emit: (event) => port.post({ type: 'event', event }),
    progress: (done, total, unit) => port.post({ type: 'progress', done, total, unit }),
    log: (level, text) => port.post({ type: 'log', level, text }),
    isPaused: () => current.isPaused,
    onPaused: (listener) => current.pauseListeners.push(listener),
    async breathe() {
      await turn()
      while (current.isPaused && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, 50))
      signal.throwIfAborted()
    },
  }
}

/** One turn of the event loop: messages that have arrived are handled before it ends. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function answer<K extends TaskKind>(
  task: Task,
  handlers: TaskHandlers<K>,
  context: TaskContext,
): Promise<FromWorker> {
  const handler = (handlers as Partial<Record<TaskKind, unknown>>)[task.kind] as
    ((task: Task, context: TaskContext) => Promise<TaskResults[TaskKind]>) | undefined
  try {
    if (!handler) throw new Error(`invariant: this worker does not do ${task.kind} tasks`)
    return { type: 'done', kind: task.kind, result: await handler(task, context) }
  } catch (error) {
    if (!(error instanceof UserError) && error instanceof Error)
      context.log('error', error.stack ?? error.message)
    return failure(error)
  }
}

function failure(error: unknown): FromWorker {
  const expected = error instanceof UserError ? error : systemError(error)
  if (expected) return { type: 'failed', error: expected.toData(), bug: false }
  const text = error instanceof Error ? error.message : String(error)
  return {
    type: 'failed',
    bug: true,
    error: {
      code: 'environment',
      message: `Internal error: ${text.split('\n')[0]!.replace(/[.!?]?$/, '.')}`,
      hint: 'This is a fault of Tunesmith, not of your data; the log has the details.',
    },
  }
}

/** A refusal of the file system, worded; anything else is a bug. */
function systemError(error: unknown): UserError | null {
  if (!(error instanceof Error) || !('syscall' in error)) return null
  const path = 'path' in error && typeof error.path === 'string' ? error.path : ''
  const worded = ioError(error, path)
  return worded instanceof UserError ? worded : null
}
