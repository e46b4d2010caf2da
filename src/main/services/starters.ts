/** Where the encoders that come with the studio lie: resources/models of the app, or of the sources where tests run. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { STARTERS } from '../../shared/domain/starters'
import { UserError } from '../../shared/errors'

/** @throws UserError `not-found` for a name that is none of ours, `environment` where its files are missing. */
export function starterFolder(name: string, from: string = import.meta.dirname): string {
  const names = STARTERS.map((starter) => starter.name as string)
  if (!names.includes(name))
    throw new UserError('not-found', `There is no starter encoder ${name}.`, {
      where: { field: 'model.starter' },
      hint: `Known: ${names.join(', ')}.`,
    })
  for (let folder = from; dirname(folder) !== folder; folder = dirname(folder)) {
    const found = join(folder, 'resources', 'models', name)
    if (existsSync(join(found, 'config.json'))) return found
  }
  throw new UserError('environment', `The files of the starter encoder ${name} are missing.`, {
    where: { file: join('resources', 'models', name) },
    hint: 'Install Tunesmith again, or check that the clone is complete.',
  })
}
