/** `augment`: more training rows by a recipe, from file to file or into a new version of a dataset. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  REJECT_REASONS,
  type AugmentRecipe,
  type AugmentReport,
  type RejectReason,
} from '../../shared/domain/augmentation'
import { UserError } from '../../shared/errors'
import { noSuchFile, readRecipe } from '../augmentInput'
import { versionOfInput } from '../datasetInput'
import { EXIT, type Command, type CommandContext } from '../command'
import { table } from '../format'

export const augment: Command = {
  path: ['augment'],
  positionals: [],
  summary: 'Make more training rows by a recipe of augmenters.',
  options: [
    { name: 'recipe', value: 'R.json', help: 'The recipe; see docs/cli.md.' },
    {
      name: 'input',
      value: 'DATA',
      help: 'A file, the id of a dataset version, or semantic-fields, the sample.',
    },
    {
      name: 'output',
      value: 'F',
      help: '.csv, .tsv or .jsonl; without it a new version of the dataset is made.',
    },
    {
      name: 'threads',
      value: 'N',
      help: 'Threads that make copies; the copies are the same for any number. As many as processors, at most 4.',
    },
    { name: 'against', value: 'F', help: 'Validation or test rows that no copy may equal (with --output).' },
  ],
  async run(context) {
    const { args, out, cwd } = context
    const { augment: service, jobs } = context.services()
    const recipe = service.check(await readRecipe(resolve(cwd, args.required('recipe'))))
    const input = args.required('input')
    const path = resolve(cwd, input)
    const threads = args.number('threads', { least: 1, most: 64, isWhole: true }) ?? null
    const output = args.text('output')
    const against = args.text('against')
    if (output !== undefined) {
      const evaluation = against === undefined ? null : resolve(cwd, against)
      if (!existsSync(path)) throw noSuchFile(path)
      const files = { input: path, evaluation, output: resolve(cwd, output) }
      const job = service.applyToFile(files, recipe, threads)
      context.onInterrupt(() => jobs.cancel(job.id))
      const { report, rows, refused } = await job.finished
      sayReport(context, recipe, report, { path: files.output, rows, refused: refused.length })
      for (const { row, reason } of refused.slice(0, 5)) out.say(`row ${row} was left out: ${reason}`)
      return EXIT.done
    }
    if (against !== undefined)
      throw new UserError('bad-input', '--against goes with --output: a dataset has its own validation rows.')
    const version = await versionOfInput(context.services(), input, cwd)
    const job = service.apply(version, recipe, threads)
    context.onInterrupt(() => jobs.cancel(job.id))
    const { found, report } = await job.finished
    const { id, number, rows } = found.version
    sayReport(context, recipe, report, { version: id, number, rows })
    return EXIT.done
  },
}

export const augmentList: Command = {
  path: ['augment', 'list'],
  positionals: [],
  summary: 'List every augmenter with its parameters.',
  options: [],
  run({ out, services }) {
    for (const augmenter of services().augment.catalog()) {
      out.json(augmenter)
      const parameters = augmenter.parameters.map(({ name, default: value, help }) => [
        `  ${name}`,
        JSON.stringify(value),
        help,
      ])
      out.text(`${augmenter.name}  ${augmenter.says} ${augmenter.source}.`)
      if (parameters.length > 0) out.text(table(['  parameter', 'default', ''], parameters))
      out.text('')
    }
    return EXIT.done
  },
}

function sayReport(
  { out }: CommandContext,
  recipe: AugmentRecipe,
  report: AugmentReport,
  made: Record<string, unknown>,
): void {
  const { rows: source_rows, ...rest } = report
  out.json({ event: 'augment', recipe: recipe.name, seed: recipe.seed, source_rows, ...rest, ...made })
  const perSecond = Math.round(report.made / Math.max(report.seconds, 1e-3))
  out.text(`${report.kept} of ${report.made} copies kept from ${report.rows} rows, ${perSecond} copies/s`)
  for (const [reason, count] of Object.entries(report.rejected))
    out.text(`  ${count} rejected: ${REJECT_REASONS[reason as RejectReason]}`)
  const classes = report.classes.map(({ label, before, added }) => [
    label ?? '',
    String(before),
    String(before + added),
  ])
  if (classes.length > 1 && classes.length <= 50) out.text(table(['class', 'before', 'after'], classes))
  out.text(
    Object.entries(made)
      .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
      .join(', '),
  )
}
