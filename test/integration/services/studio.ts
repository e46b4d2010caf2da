/** Real services on a real folder, with the stub worker in a real process. */
import { afterEach } from 'vitest'
import { createServices, type Services } from '../../../src/main/services/create'
import type { Limits } from '../../../src/main/services/context'
import type { RunEvent, RunState } from '../../../src/shared/domain/run'
import type { RunId } from '../../../src/shared/ids'
import { temporaryFolder } from '../store/temporary'
import { runNamed } from './configs'
import { spawnStub } from './stubHost'

const open: Services[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((services) => services.close()))
})

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
