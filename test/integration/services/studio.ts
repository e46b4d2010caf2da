/** Real services on a real folder, with the stub worker in a real process. */
import { fork } from 'node:child_process'
import { afterEach } from 'vitest'
import { createServices, type Services } from '../../../src/main/services/create'
import type { Limits } from '../../../src/main/services/context'
import type { FromWorker, SpawnWorker } from '../../../src/main/worker/protocol'
import type { RunEvent, RunState } from '../../../src/shared/domain/run'
import type { RunId } from '../../../src/shared/ids'
import { temporaryFolder } from '../store/temporary'

const open: Services[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((services) => services.close()))
})

export function spawnStub(env: Record<string, string> = {}): SpawnWorker {
  return () => {
    const child = fork(new URL('stubWorker.mjs', import.meta.url), [], {
      serialization: 'advanced',
      stdio: ['ignore', 2, 2, 'ipc'],
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

export interface StudioOptions {
  home?: string
  owner?: 'window' | 'cli'
  stub?: string
  limits?: Partial<Limits>
}

export function studio(options: StudioOptions = {}): Services {
  const services = createServices({
    home: options.home ?? temporaryFolder(),
    owner: options.owner ?? 'window',
    spawnWorker: spawnStub(options.stub === undefined ? {} : { STUB: options.stub }),
    versions: { app: '0.0.0', electron: null },
    log: () => undefined,
    limits: { watchMs: 20, leaseMs: 50, cancelMs: 500, ...options.limits },
  })
  open.push(services)
  return services
}

/** A config on the sample; the stub takes its behaviour from the name. */
export function runNamed(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    task: 'sequence-classification',
    model: { architecture: 'bert', config: { hidden_size: 16, num_hidden_layers: 1 } },
    dataset: { sample: 'semantic-fields' },
    run_name: name,
    ...more,
  }
}

/** Runs to the end and returns its state and all it told. */
export async function runToEnd(
  services: Services,
  name: string,
): Promise<{ id: RunId; state: RunState; events: RunEvent[] }> {
  const id = await services.runs.start(runNamed(name))
  const events: RunEvent[] = []
  services.runs.follow(id, (news) => events.push(...news))
  return { id, state: await services.runs.ended(id), events }
}

export async function until(claim: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 15_000
  while (!claim()) {
    if (Date.now() > deadline) throw new Error(`waited too long until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
