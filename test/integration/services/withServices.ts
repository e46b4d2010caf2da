/** Real services on a folder, with real workers; closed once the work is done. */
import { createServices, type Services } from '../../../src/main/services/create'
import { nodeHost } from '../../../src/main/worker/nodeHost'

export async function withServices<R>(home: string, work: (services: Services) => Promise<R>): Promise<R> {
  const services = createServices({
    home,
    owner: 'cli',
    spawnWorker: nodeHost(),
    versions: { app: '0.0.0', electron: null },
    log: () => undefined,
  })
  try {
    return await work(services)
  } finally {
    await services.close()
  }
}
