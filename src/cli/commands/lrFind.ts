/** `lr-find`: the learning-rate range test on a run config. */
import { UserError } from '../../shared/errors'
import { DEFAULT_SWEEP } from '../../shared/ipc/runs'
import type { Command } from '../command'
import { EXIT } from '../command'
import { applySettings, readRunConfig } from '../runConfigFile'

export const lrFind: Command = {
  path: ['lr-find'],
  positionals: [],
  summary: 'Find a learning rate: a few steps at growing rates (Smith 2015).',
  options: [
    { name: 'config', value: 'run.json', help: 'The run config, as for train.' },
    { name: 'set', value: 'key=value', isRepeated: true, help: 'Change a setting; dots reach inside.' },
    { name: 'from', value: 'RATE', help: `The first rate; the default is ${DEFAULT_SWEEP.from}.` },
    { name: 'to', value: 'RATE', help: `The last rate; the default is ${DEFAULT_SWEEP.to}.` },
    { name: 'steps', value: 'N', help: `Rates to try; the default is ${DEFAULT_SWEEP.steps}.` },
  ],
  async run({ args, out, cwd, services }) {
    const config = applySettings(readRunConfig(args.required('config'), cwd), args.all('set'), cwd)
    const rate = { least: 1e-12, most: 1000 }
    const sweep = {
      from: args.number('from', rate) ?? DEFAULT_SWEEP.from,
      to: args.number('to', rate) ?? DEFAULT_SWEEP.to,
      steps: args.number('steps', { least: 10, most: 1000, isWhole: true }) ?? DEFAULT_SWEEP.steps,
    }
    if (sweep.from >= sweep.to)
      throw new UserError('bad-input', '--from must be below --to.', { where: { field: '--from' } })
    const found = await services().runs.lrFind(config, sweep)
    out.json({ event: 'lr-find', ...found })
    found.rates.forEach((rate, i) =>
      out.text(
        `${rate.toExponential(2)}  loss ${found.losses[i]!.toFixed(4)}  smoothed ${found.smoothed[i]!.toFixed(4)}`,
      ),
    )
    if (found.stopped !== null) out.text(`Stopped early: ${found.stopped}`)
    const { suggestion } = found
    out.text(
      suggestion
        ? `Suggested learning_rate: ${suggestion.steepest.toPrecision(2)} (steepest fall); ${suggestion.minimumTenth.toPrecision(2)} (a tenth of the least loss's)`
        : 'The loss never fell: give a smaller --from, or look at the data.',
    )
    return EXIT.done
  },
}
