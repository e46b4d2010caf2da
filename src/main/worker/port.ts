/** The worker's end of the channel, whichever process it runs in: a Node child or an Electron utility process. */
import { invariant } from '../../shared/errors'
import type { FromWorker, ToWorker } from './protocol'

export interface WorkerPort {
  post(message: FromWorker): void
  onMessage(listener: (message: ToWorker) => void): void
  /** The owner is gone. */
  onClosed(listener: () => void): void
  /** Ends the process once everything posted is on its way. */
  exit(): void
}

/** Electron has no callback for what it sent. */
const ELECTRON_FLUSH_MS = 100

/** Electron's `process.parentPort`, as far as it is used. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

export function workerPort(): WorkerPort {
  const { parentPort } = process as { parentPort?: ParentPort }
  if (parentPort)
    return {
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data as ToWorker)),
      onClosed: () => undefined, // Electron ends a utility process together with the app
      exit: () => setTimeout(() => process.exit(0), ELECTRON_FLUSH_MS),
    }
  invariant(process.connected, 'a worker is started with an IPC channel')
  // Ctrl-C in a terminal reaches the whole process group; the owner asks for a checkpoint and ends the worker.
  process.on('SIGINT', () => undefined)
  let unsent = 0
  let isExiting = false
  const exitIfSent = () => {
    if (isExiting && unsent === 0) process.exit(0)
  }
  return {
    post(message) {
      unsent++
      process.send?.(message, () => {
        unsent--
        exitIfSent()
      })
    },
    onMessage: (listener) => process.on('message', (message) => listener(message as ToWorker)),
    onClosed: (listener) => process.on('disconnect', listener),
    exit() {
      isExiting = true
      exitIfSent()
    },
  }
}
