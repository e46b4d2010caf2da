/** `tune`: a study from a config file, in this process. */
import { UserError } from '../../shared/errors'
import type { Command } from '../command'
import { readStudyConfig } from '../runConfigFile'
import { followStudy } from '../study'

export const tune: Command = {
  path: ['tune'],
  positionals: [],
  summary: 'Search for the best settings as a study config says.',
  options: [
    {
      name: 'config',
      value: 'study.json',
      help: 'What to vary, what to make best, how long to try: docs/cli.md.',
    },
  ],
  async run(context) {
    const file = context.args.text('config')
    if (file === undefined)
      throw new UserError('bad-input', '--config is missing: tunesmith tune --config study.json')
    const config = readStudyConfig(file, context.cwd)
    const services = context.services()
    return followStudy(context, services, await services.studies.start(config))
  },
}
