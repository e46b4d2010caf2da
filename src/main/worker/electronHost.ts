/** Workers in the app: Electron utility processes. They end with the app, and their death leaves the window alive. */
import { utilityProcess } from 'electron'
import { entryFile } from './entryFile'
import type { FromWorker, ToWorker, WorkerEntry, WorkerHandle } from './protocol'

const SERVICE_NAMES: Record<WorkerEntry, string> = { engine: 'Tunesmith engine', jobs: 'Tunesmith jobs' }

/** The app's `SpawnWorker`; call it after Electron is ready. */
export function spawnElectronWorker(entry: WorkerEntry): WorkerHandle {
  const child = utilityProcess.fork(entryFile(entry), [], {
    serviceName: SERVICE_NAMES[entry],
    stdio: ['ignore', 'pipe', 'pipe'],
    execArgv: ['--enable-source-maps'],
  })
  child.stdout?.pipe(process.stderr, { end: false })
  child.stderr?.pipe(process.stderr, { end: false })
  return {
    get pid() {
      return child.pid ?? 0
    },
    send: (message: ToWorker) => child.postMessage(message),
    onMessage: (listener) => child.on('message', (message) => listener(message as FromWorker)),
    onExit: (listener) => child.once('exit', (code) => listener({ code, signal: null })),
    kill: () => {
      if (child.pid === undefined) child.kill()
      else killNow(child.pid)
    },
  }
}

/** `child.kill()` asks politely (SIGTERM), which a worker deep in a computation does not hear. */
function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
