/** Another process that owns a run: `node --import jiti/register owner.ts HOME NAME` starts it and says its id. */
import { createServices } from '../../../src/main/services/create'
import { runNamed } from './configs'
import { spawnStub } from './stubHost'

const [home, name] = process.argv.slice(2) as [string, string]
const services = createServices({
  home,
  owner: 'cli',
  spawnWorker: spawnStub(),
  versions: { app: '0.0.0', electron: null },
  limits: { watchMs: 20, leaseMs: 50 },
})
const id = await services.runs.start(runNamed(name))
process.stdout.write(`${id}\n`)
await services.runs.ended(id)
await services.close()
