/** Workers under plain Node: a child process with an IPC channel (command line, tests, bench). */
import { fork } from 'node:child_process'
import { entryFile } from './entryFile'
import type { FromWorker, SpawnWorker, ToWorker, WorkerEntry, WorkerHandle } from './protocol'

export interface NodeHostOptions {
  /** Folder of the built entries; found by itself where absent. */
  entryDir?: string
  env?: Record<string, string>
}

/**
 * A `SpawnWorker` for plain Node. What a worker prints goes to this process's stderr, never to its stdout. A worker
 * whose owner dies sees its channel close and exits.
 */
export function nodeHost(options: NodeHostOptions = {}): SpawnWorker {
  return (entry: WorkerEntry): WorkerHandle => {
    const child = fork(entryFile(entry, options.entryDir), [], {
      serialization: 'advanced',
      stdio: ['ignore', 2, 2, 'ipc'],
      execArgv: ['--enable-source-maps'],
      env: { ...process.env, ...options.env },
    })
    let isGone = false
    const exitListeners: ((exit: { code: number | null; signal: string | null }) => void)[] = []
    const gone = (code: number | null, signal: string | null) => {
      if (isGone) return
      isGone = true
      for (const listener of exitListeners) listener({ code, signal })
    }
    // 'exit' may come before the last messages have been read, 'close' comes after the streams; IPC ends with 'disconnect'.
    let exit: { code: number | null; signal: string | null } | null = null
    child.on('exit', (code, signal) => {
      exit = { code, signal }
      if (!child.connected) gone(code, signal)
    })
    child.on('disconnect', () => {
      if (exit) gone(exit.code, exit.signal)
    })
    child.on('error', () => {
      if (child.pid === undefined) gone(null, null)
    })
    return {
      pid: child.pid ?? 0,
      send: (message: ToWorker) => {
        if (child.connected) child.send(message, () => undefined)
      },
      onMessage: (listener) => child.on('message', (message) => listener(message as FromWorker)),
      onExit: (listener) => exitListeners.push(listener),
      kill: () => child.kill('SIGKILL'),
    }
  }
}
