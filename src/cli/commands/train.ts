/** `train`: a run from a config file, in this process. */
import { UserError } from '../../shared/errors'
import type { Command } from '../command'
import { importedSettings } from '../importedSettings'
import { applySettings, readRunConfig } from '../runConfigFile'
import { exitCodeOf, followRun, sayEnd } from '../training'

export const train: Command = {
  path: ['train'],
  positionals: [],
  summary: 'Train a model as a run config says.',
  options: [
    {
      name: 'config',
      value: 'run.json',
      help: 'The run config: Transformers argument names and what docs/cli.md adds.',
    },
    {
      name: 'import-arguments',
      value: 'F',
      help: 'Settings from Transformers arguments: JSON, YAML or Python; what each becomes is printed.',
    },
    { name: 'set', value: 'key=value', isRepeated: true, help: 'Change a setting; dots reach inside.' },
    { name: 'seed', value: 'N', help: 'The same as --set seed=N.' },
    { name: 'refuse-leaks', help: 'Do not start where held-out rows stand in another split.' },
  ],
  async run(context) {
    const { args, cwd } = context
    if (!args.has('config') && !args.has('import-arguments') && args.all('set').length === 0)
      throw new UserError('bad-input', '--config is missing: tunesmith train --config run.json')
    const file = args.text('config')
    const seed = args.number('seed', { least: 0, most: 2 ** 32 - 1, isWhole: true })
    const base = {
      ...(file !== undefined && readRunConfig(file, cwd)),
      ...importedSettings(context, args.text('import-arguments')),
    }
    const config = {
      ...applySettings(base, args.all('set'), cwd),
      ...(seed !== undefined && { seed }),
    }
    const services = context.services()
    const id = await services.runs.start(config, { refusesLeaks: args.has('refuse-leaks') })
    const run = await followRun(context, services, id)
    sayEnd(context, run)
    return exitCodeOf(run.state)
  },
}
