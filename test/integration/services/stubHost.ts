/** Starts the stub worker in a real process. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromWorker, SpawnWorker } from '../../../src/main/worker/protocol'

export function spawnStub(env: Record<string, string> = {}): SpawnWorker {
  return () => {
    const child = fork(fileURLToPath(new URL('stubWorker.mjs', import.meta.url)), [], {
      serialization: 'advanced',
      stdio: ['ignore', 2, 2, 'ipc'],
      execArgv: [],
      env: { ...process.env, ...env },
    })
    return {
      pid: child.pid!,
      send(message) {
        if (child.connected) child.send(message, () => undefined)
      },
      onMessage: (listener) => void child.on('message', (message) => listener(message as FromWorker)),
      onExit: (listener) => void child.on('exit', (code, signal) => listener({ code, signal })),
      kill: () => void child.kill('SIGKILL'),
    }
  }
}
