import type { models as contract } from '../../shared/ipc/models'
import type { Handlers } from '../../shared/ipc/define'
import type { Services } from '../services/create'
import type { Desktop } from './desktop'

export function modelHandlers({ models }: Services, desktop: Desktop): Handlers<typeof contract> {
  return {
    bundles: () => models.bundles(),
    exportBundle: ({ run, directory }) => models.exportBundle(run, directory).id,
    verifyBundle: ({ path }) => models.verifyBundle(path),
    chooseFolder: () => desktop.chooseFolder(),
    inspect: ({ path }) => models.inspect(path),
  }
}
