/** `tokenizer encode`: one JSON array of ids a line. */
import { resolve } from 'node:path'
import { loadTokenizer } from '../../main/engine/tokenize/load'
import { EXIT, type Command } from '../command'
import { COLUMN_OPTIONS, inputColumns, readInputRows } from '../inputRows'

export const tokenizerEncode: Command = {
  path: ['tokenizer', 'encode'],
  positionals: [],
  summary: 'Encode the texts of a file: one JSON array of ids a line.',
  options: [
    { name: 'tokenizer', value: 'DIR', help: 'A folder, or a tokenizer.json or vocab.txt.' },
    { name: 'input', value: 'F', help: 'CSV, TSV, JSONL, or TXT with a text a line.' },
    { name: 'max-length', value: 'N', help: 'Cut to this many tokens.' },
    ...COLUMN_OPTIONS,
  ],
  async run({ args, out, cwd }) {
    const tokenizer = await loadTokenizer(resolve(cwd, args.required('tokenizer')))
    const maxLength = args.number('max-length', { least: 1, most: 1_000_000, isWhole: true })
    const input = resolve(cwd, args.required('input'))
    const rows = await readInputRows(input, inputColumns(args, null), 'single-label', false)
    const options = maxLength === undefined ? {} : { maxLength }
    for (const row of rows) out.data(tokenizer.encode(row.text, row.text_pair ?? null, options).ids)
    return EXIT.done
  },
}
