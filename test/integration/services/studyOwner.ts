/** Another process that works on a study: `node --import jiti/register studyOwner.ts HOME [STUDY]` starts or resumes it. */
import { createServices } from '../../../src/main/services/create'
import type { StudyId } from '../../../src/shared/ids'
import { spawnStub } from './stubHost'
import { tinyStudy } from './studyConfigs'

const [home, known] = process.argv.slice(2) as [string, string | undefined]
const services = createServices({
  home,
  owner: 'cli',
  spawnWorker: spawnStub(),
  versions: { app: '0.0.0', electron: null },
  limits: { watchMs: 20, leaseMs: 50 },
})
const id = (known as StudyId | undefined) ?? (await services.studies.start(tinyStudy()))
if (known !== undefined) services.studies.resume(id)
process.stdout.write(`${id}\n`)
await services.studies.ended(id)
await services.close()
