/** `tokenizer train`: a WordPiece or byte-level BPE from texts, in files that Transformers reads. */
import { resolve } from 'node:path'
import { saveTokenizer } from '../../main/engine/tokenize/save'
import { TrainTokenizerOptions, trainTokenizer } from '../../main/engine/tokenize/train/trainTokenizer'
import { UserError } from '../../shared/errors'
import { EXIT, type Command } from '../command'
import { readInputRows } from '../inputRows'

export const tokenizerTrain: Command = {
  path: ['tokenizer', 'train'],
  positionals: [],
  summary: 'Train a tokenizer on the texts of a file.',
  options: [
    { name: 'input', value: 'F', help: 'CSV, TSV, JSONL, or TXT with a text a line.' },
    { name: 'output', value: 'DIR', help: 'Where the tokenizer goes.' },
    { name: 'type', value: 'TYPE', help: 'WordPiece (the default) or BPE.' },
    { name: 'vocab-size', value: 'N', help: 'Size of the vocabulary; the default is 8000.' },
    { name: 'min-frequency', value: 'N', help: 'Pairs seen less often are not merged; the default is 2.' },
    { name: 'cased', help: 'Keep upper and lower case apart.' },
    { name: 'text-column', value: 'NAME', help: 'Column of the text; the default is text.' },
  ],
  async run(context) {
    const { args, out, cwd } = context
    const type = args.text('type') ?? 'WordPiece'
    if (type !== 'WordPiece' && type !== 'BPE')
      throw new UserError('bad-input', `--type takes WordPiece or BPE, not ${type}.`)
    const vocabSize = args.number('vocab-size', { least: 64, most: 1_000_000, isWhole: true })
    const minFrequency = args.number('min-frequency', { least: 0, most: 1_000_000, isWhole: true })
    const column = args.text('text-column')
    const output = resolve(cwd, args.required('output'))
    const rows = await readInputRows(
      resolve(cwd, args.required('input')),
      column === undefined ? {} : { text: column },
      false,
    )
    const controller = new AbortController()
    context.onInterrupt(() => controller.abort())
    const tokenizer = await trainTokenizer(
      rows.map((row) => row.text),
      TrainTokenizerOptions.parse({
        type,
        ...(vocabSize !== undefined && { vocab_size: vocabSize }),
        ...(minFrequency !== undefined && { min_frequency: minFrequency }),
        ...(args.has('cased') && { lowercase: false }),
      }),
      { signal: controller.signal },
    )
    await saveTokenizer(tokenizer, output)
    out.result(
      { path: output, type, vocab_size: tokenizer.vocabSize },
      `${type}, ${tokenizer.vocabSize} tokens, in ${output}`,
    )
    return EXIT.done
  },
}
