/** `augment compare`: does a recipe help? The same run with and without its copies, over several seeds. */
import { resolve } from 'node:path'
import {
  comparisonSentence,
  ComparisonSettings,
  verdictOf,
  type AugmentComparison,
} from '../../shared/domain/augmentComparison'
import { UserError } from '../../shared/errors'
import { readRecipe } from '../augmentInput'
import { versionOfInput } from '../datasetInput'
import { EXIT, type Command } from '../command'
import { duration, table } from '../format'
import { applySettings, readRunConfig } from '../runConfigFile'

export const augmentCompare: Command = {
  path: ['augment', 'compare'],
  positionals: [],
  summary: 'Does a recipe help? Train with and without its copies, judged on the validation rows.',
  options: [
    { name: 'recipe', value: 'R.json', help: 'The recipe; see docs/cli.md.' },
    {
      name: 'input',
      value: 'DATA',
      help: 'A file, the id of a dataset version, or semantic-fields, the sample.',
    },
    { name: 'rows', value: 'N', help: 'Training rows, drawn anew by each seed; all where left out.' },
    { name: 'seeds', value: 'N', help: 'Seeds, each of which trains both; 5 where left out.' },
    {
      name: 'same',
      value: 'steps|epochs',
      help: 'What both runs are given alike; steps where left out, so that copies cost no time.',
    },
    { name: 'config', value: 'run.json', help: 'Settings of the runs, over those recommended.' },
    { name: 'set', value: 'key=value', isRepeated: true, help: 'Change a setting; dots reach inside.' },
  ],
  async run(context) {
    const { args, out, cwd } = context
    const services = context.services()
    const { augment, jobs } = services
    const recipe = augment.check(await readRecipe(resolve(cwd, args.required('recipe'))))
    const config = args.text('config')
    const run = applySettings(config === undefined ? {} : readRunConfig(config, cwd), args.all('set'), cwd)
    const whole = (least: number, most: number) => ({ least, most, isWhole: true })
    const settings = ComparisonSettings.parse({
      rows: args.number('rows', whole(2, 1e9)),
      seeds: args.number('seeds', whole(2, 30)),
      same: sameOf(args.text('same')),
      run,
    })
    const version = await versionOfInput(services, args.required('input'), cwd)
    const job = augment.compare(version, recipe, settings)
    context.onInterrupt(() => jobs.cancel(job.id))
    const comparison = await job.finished
    out.json({ event: 'augment-compare', ...comparison, verdict: verdictOf(comparison) })
    out.text(describe(comparison))
    return EXIT.done
  },
}

function sameOf(given: string | undefined): 'steps' | 'epochs' | undefined {
  if (given === undefined || given === 'steps' || given === 'epochs') return given
  throw new UserError('bad-input', `--same takes steps or epochs, not ${given}.`)
}

function describe(comparison: AugmentComparison): string {
  const { metric, seeds, rows, steps, validationRows, seconds } = comparison
  const pairs = seeds.map((pair) => [
    String(pair.seed),
    pair.without.toFixed(4),
    pair.with.toFixed(4),
    String(pair.copies),
  ])
  return [
    table(['seed', `${metric} without`, 'with', 'copies'], pairs),
    comparisonSentence(comparison),
    `${rows} training rows, ${steps} steps, judged on ${validationRows} validation rows after the last step; ${duration(seconds)}.`,
  ].join('\n')
}
