/** `predict`: one line a row, in the order of the input: `{label, scores}`, `{tags}` … as the model's task has it. */
import { resolve } from 'node:path'
import { writeInParts } from '../../main/services/userFile'
import { EXIT, type Command } from '../command'
import type { AskedRow, Prediction } from '../../shared/domain/run'
import { COLUMN_OPTIONS, inputColumns, readInputRows } from '../inputRows'
import { findModelOfCommand } from '../modelOption'

const OF_THE_ROW: readonly string[] = [
  'text',
  'text_pair',
  'tokens',
  'reference',
] satisfies (keyof AskedRow)[]
const BATCH_SIZE = 32
/** Rows a message to the worker. */
const ROWS_AT_ONCE = 5_000

export const predict: Command = {
  path: ['predict'],
  positionals: [],
  summary: 'Predict every row of a file: its label, labels, number, tags or blanks.',
  options: [
    { name: 'model', value: 'M', help: 'A run, a checkpoint, a bundle or a Hugging Face folder.' },
    { name: 'input', value: 'F', help: 'CSV, TSV, JSONL, CoNLL, or TXT with a text a line.' },
    { name: 'output', value: 'F.jsonl', help: 'Where the lines go; stdout where it is left out.' },
    ...COLUMN_OPTIONS,
  ],
  async run(context) {
    const { args, out, cwd } = context
    const { models } = context.services()
    const { model, roles } = findModelOfCommand(context)
    const input = resolve(cwd, args.required('input'))
    const rows = await readInputRows(input, inputColumns(args, roles), model.problem, false)
    const file = args.text('output')
    const answerAll = async (write: (answer: Record<string, unknown>) => Promise<void> | void) => {
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        if (rows.length > ROWS_AT_ONCE) out.progress(at / rows.length, `${at} of ${rows.length} rows`)
        const predictions = await models.predict(model, rows.slice(at, at + ROWS_AT_ONCE), BATCH_SIZE)
        for (const prediction of predictions) await write(answerIn(prediction))
      }
    }
    if (file === undefined) await answerAll((answer) => out.data(answer))
    else {
      const path = resolve(cwd, file)
      await writeInParts(path, (add) => answerAll((answer) => add(`${JSON.stringify(answer)}\n`)))
      out.say(`${rows.length} rows written to ${path}`)
    }
    return EXIT.done
  },
}

/** What the model says, without the row it was asked. */
function answerIn(prediction: Prediction): Record<string, unknown> {
  return Object.fromEntries(Object.entries(prediction).filter(([key]) => !OF_THE_ROW.includes(key)))
}
