/** Where the built worker entries lie: beside the built file that runs now, or in out/main when sources run (tests). */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../../shared/errors'
import type { WorkerEntry } from './protocol'

const FILE_NAMES: Record<WorkerEntry, string> = { engine: 'workerEngine.js', jobs: 'workerJobs.js' }

/** @throws UserError `environment` where the app has not been built. */
export function entryFile(entry: WorkerEntry, from?: string): string {
  return builtFile(FILE_NAMES[entry], from)
}

/** @throws UserError `environment` where the app has not been built. */
export function builtFile(name: string, from: string = import.meta.dirname): string {
  const beside = join(from, name)
  if (existsSync(beside)) return beside
  for (let folder = from; dirname(folder) !== folder; folder = dirname(folder)) {
    const built = join(folder, 'out', 'main', name)
    if (existsSync(built)) return built
  }
  throw new UserError('environment', `The worker program ${name} is missing.`, {
    hint: 'Run npm run build, or start with npm start, which builds first.',
  })
}
