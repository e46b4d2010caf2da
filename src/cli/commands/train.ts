/** `train`: a run from a config file, in this process. */
import { presetNamed, RUN_PRESETS } from '../../shared/domain/presets'
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
      name: 'preset',
      value: 'NAME',
      help: `Settings to begin with, under the config: ${RUN_PRESETS.map(({ id }) => id).join(', ')}.`,
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
    const starts = ['config', 'preset', 'import-arguments', 'set']
    if (!starts.some((name) => args.has(name)))
      throw new UserError('bad-input', '--config is missing: tunesmith train --config run.json')
    const file = args.text('config')
    const seed = args.number('seed', { least: 0, most: 2 ** 32 - 1, isWhole: true })
    const preset = args.text('preset')
    const base = {
      ...(preset !== undefined && presetNamed(preset).settings),
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
