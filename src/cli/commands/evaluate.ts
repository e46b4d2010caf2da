/** `eval`: metrics of a model on labelled rows: a file, or a split of the dataset its run was trained on. */
import { resolve } from 'node:path'
import type { Split } from '../../shared/domain/dataset'
import { UserError } from '../../shared/errors'
import { openVersionFile } from '../../main/data/file/openVersion'
import type { RowToAsk } from '../../main/worker/protocol'
import type { FoundModel } from '../../main/services/modelReference'
import { EXIT, type Command, type CommandContext } from '../command'
import { figures } from '../format'
import {
  COLUMN_OPTIONS,
  inputColumns,
  type InputColumns,
  readInputRows,
  rowToAsk,
  usualColumns,
} from '../inputRows'
import { findModelOfCommand } from '../modelOption'

const BATCH_SIZE = 32
const SPLITS: readonly string[] = ['train', 'validation', 'test'] satisfies Split[]

export const evaluate: Command = {
  path: ['eval'],
  positionals: [],
  summary: 'Measure a model on labelled rows.',
  options: [
    { name: 'model', value: 'M', help: 'A run, a checkpoint, a bundle or a Hugging Face folder.' },
    { name: 'input', value: 'F', help: 'Labelled rows; the default is a split of the run’s own dataset.' },
    {
      name: 'split',
      value: 'SPLIT',
      help: 'train, validation (the default) or test, where there is no --input.',
    },
    {
      name: 'label-column',
      value: 'NAME',
      help: 'Column of the label or tags; the default is the run’s, or label (tags).',
    },
    ...COLUMN_OPTIONS,
  ],
  async run(context) {
    const { args, out, cwd } = context
    const { model, roles } = findModelOfCommand(context)
    const input = args.text('input')
    const rows =
      input === undefined
        ? rowsOfRun(context, model)
        : await readInputRows(resolve(cwd, input), inputColumns(args, roles), model.problem, true)
    const { metrics } = await context.services().models.evaluate(model, rows, BATCH_SIZE)
    out.result(
      { event: 'evaluate', model: model.name, rows: rows.length, metrics },
      `${rows.length} rows: ${figures(metrics, model.problem)}`,
    )
    return EXIT.done
  },
}

/** @throws UserError where the model is no run of ours, or its dataset is gone */
function rowsOfRun({ args, out, services }: CommandContext, model: FoundModel): RowToAsk[] {
  const { runs, datasets } = services()
  if (model.run === null)
    throw new UserError('bad-input', '--input is missing: this model has no dataset of its own here.')
  const split = args.text('split') ?? 'validation'
  if (!SPLITS.includes(split))
    throw new UserError('bad-input', `--split takes train, validation or test, not ${split}.`)
  const found = datasets.ofRun(model.run)
  const columns = inputColumns(args, runs.show(model.run).config.columns)
  const names: InputColumns & { text: string } = { text: usualColumns(model.problem).text, ...columns }
  const file = openVersionFile(datasets.fileOf(found))
  try {
    const rows: RowToAsk[] = []
    let leftOut = 0
    for (const { cells, sourceRow } of file.iterate(split as Split)) {
      const used = [names.text, names.pair, names.label].filter((name) => name !== undefined)
      if (used.some((name) => (cells[name] ?? null) === null)) leftOut++
      else rows.push(rowToAsk(cells, names, model.problem, { file: found.name, row: sourceRow }))
    }
    if (leftOut > 0) out.say(`${leftOut} rows without text or label were left out.`)
    if (rows.length > 0) return rows
  } finally {
    file.close()
  }
  throw new UserError('bad-input', `The dataset ${found.name} has no ${split} rows.`)
}
