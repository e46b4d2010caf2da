/** `predict`: one line `{label, scores}` a row, in the order of the input. */
import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import { EXIT, type Command } from '../command'
import { COLUMN_OPTIONS, inputRoles, readInputRows } from '../inputRows'
import { findModelOfCommand } from '../modelOption'

const BATCH_SIZE = 32
/** Rows a message to the worker. */
const ROWS_AT_ONCE = 5_000

export const predict: Command = {
  path: ['predict'],
  positionals: [],
  summary: 'Predict the label of every row of a file.',
  options: [
    { name: 'model', value: 'M', help: 'A run, a checkpoint, a bundle or a Hugging Face folder.' },
    { name: 'input', value: 'F', help: 'CSV, TSV, JSONL, or TXT with a text a line.' },
    { name: 'output', value: 'F.jsonl', help: 'Where the lines go; stdout where it is left out.' },
    ...COLUMN_OPTIONS,
  ],
  async run(context) {
    const { args, out, cwd } = context
    const { models } = context.services()
    const { model, roles } = findModelOfCommand(context)
    const rows = await readInputRows(resolve(cwd, args.required('input')), inputRoles(args, roles), false)
    const file = args.text('output')
    const stream = file === undefined ? null : createWriteStream(resolve(cwd, file))
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      if (rows.length > ROWS_AT_ONCE) out.progress(at / rows.length, `${at} of ${rows.length} rows`)
      const predictions = await models.predict(model, rows.slice(at, at + ROWS_AT_ONCE), BATCH_SIZE)
      for (const { label, scores } of predictions) {
        if (stream) stream.write(`${JSON.stringify({ label, scores })}\n`)
        else out.data({ label, scores })
      }
    }
    if (stream) {
      stream.end()
      await finished(stream)
      out.say(`${rows.length} rows written to ${resolve(cwd, file!)}`)
    }
    return EXIT.done
  },
}
