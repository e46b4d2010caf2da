/** A worker process as the services use it: one task sent, its messages kept, its end awaited. */
import { UserError } from '../../src/shared/errors'
import type { RunEvent } from '../../src/shared/domain/run'
import { nodeHost } from '../../src/main/worker/nodeHost'
import { ENTRY_OF } from '../../src/main/worker/entries'
import type { FromWorker, Task, TaskKind, TaskResults, WorkerHandle } from '../../src/main/worker/protocol'

/** Where the built workers are, if not in out/main. */
const entryDir = process.env['TUNESMITH_WORKER_DIR']

export interface WorkerRun<K extends TaskKind> {
  worker: WorkerHandle
  events: RunEvent[]
  messages: FromWorker[]
  /** Calls back at each event as it comes. */
  onEvent(listener: (event: RunEvent) => void): void
  /** The task's result. Rejects with its UserError, or with how the process died. */
  result: Promise<TaskResults[K]>
}

export function startTask<K extends TaskKind>(task: Extract<Task, { kind: K }>): WorkerRun<K> {
  const worker = nodeHost(entryDir === undefined ? {} : { entryDir })(ENTRY_OF[task.kind])
  const events: RunEvent[] = []
  const messages: FromWorker[] = []
  const listeners: ((event: RunEvent) => void)[] = []
  const result = new Promise<TaskResults[K]>((resolve, reject) => {
    worker.onMessage((message) => {
      messages.push(message)
      if (message.type === 'ready') worker.send({ type: 'task', task })
      if (message.type === 'event') {
        events.push(message.event)
        for (const listener of listeners) listener(message.event)
      }
      if (message.type === 'done') resolve(message.result as TaskResults[K])
      if (message.type === 'failed') reject(UserError.from(message.error))
      if (message.type === 'done' || message.type === 'failed') worker.send({ type: 'exit' })
    })
    worker.onExit(({ code, signal }) => reject(new Error(`the worker ended: ${signal ?? code ?? '?'}`)))
  })
  result.catch(() => undefined)
  return { worker, events, messages, onEvent: (listener) => listeners.push(listener), result }
}

export function runTask<K extends TaskKind>(task: Extract<Task, { kind: K }>): Promise<TaskResults[K]> {
  return startTask(task).result
}
