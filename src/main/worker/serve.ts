/** The loop of a worker process: one task at a time, its messages, its errors. */
import { UserError, cancelled } from '../../shared/errors'
import type { RunEvent } from '../../shared/domain/run'
import { ioError } from '../engine/checkpoint/ioError'
import { outOfMemory } from './outOfMemory'
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
  /** A promise that resolves when the pause ends; null while nobody paused. */
  paused(): Promise<void> | null
  /** Why the owner wants it to end well before its time; null while it does not. */
  stopReason(): string | null
}

export type TaskOf<K extends TaskKind> = Extract<Task, { kind: K }>
export type TaskHandlers<K extends TaskKind> = {
  [Kind in K]: (task: TaskOf<Kind>, context: TaskContext) => Promise<TaskResults[Kind]>
}

interface Current {
  controller: AbortController
  pause: { ended: Promise<void>; end: () => void } | null
  stopReason: string | null
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
    current = { controller: new AbortController(), pause: null, stopReason: null }
    port.post(await answer(task, handlers, contextOf(current, port)))
    current = null
    if (isExiting) port.exit()
  }

  port.onMessage((message: ToWorker) => {
    switch (message.type) {
      case 'task':
        void start(message.task)
        break
      case 'cancel':
        current?.controller.abort(cancelled())
        break
      case 'stop':
        if (current) current.stopReason = message.reason
        break
      case 'pause':
        if (current) current.pause ??= newPause()
        break
      case 'unpause':
        current?.pause?.end()
        if (current) current.pause = null
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
    paused: () => current.pause?.ended ?? null,
    stopReason: () => current.stopReason,
    async breathe() {
      await turn()
      if (current.pause) await Promise.race([current.pause.ended, aborted(signal)])
      signal.throwIfAborted()
    },
  }
}

function newPause(): { ended: Promise<void>; end: () => void } {
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => (end = resolve))
  return { ended, end }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
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
  const expected = error instanceof UserError ? error : (outOfMemory(error) ?? systemError(error))
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
