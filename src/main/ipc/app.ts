import type { app } from '../../shared/ipc/app'
import type { Handlers } from '../../shared/ipc/define'
import { UserError } from '../../shared/errors'
import type { Services } from '../services/create'
import type { Desktop } from './desktop'

export function appHandlers(services: Services, desktop: Desktop): Handlers<typeof app> {
  const { machine, settings, jobs, network } = services
  return {
    machine: () => machine.report(),
    checkProvider: ({ name }) => machine.checkProvider(name),
    settings: () => settings.read(),
    saveSettings: (changes) => settings.save(changes),
    networkAttempts: ({ limit }) => network.attempts(limit),
    jobs: () => jobs.list(),
    cancelJob({ job }) {
      jobs.cancel(job)
      return null
    },
    dismissJob({ job }) {
      jobs.dismiss(job)
      return null
    },
    reveal({ path }) {
      if (!services.isKnownPath(path))
        throw new UserError('not-found', 'The studio knows nothing at this place.', { where: { file: path } })
      desktop.reveal(path)
      return null
    },
  }
}
