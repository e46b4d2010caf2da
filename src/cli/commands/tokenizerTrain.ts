/** `tokenizer train`: WordPiece, BPE or Unigram from texts, in files that Transformers reads. */
import { resolve } from 'node:path'
import { saveTokenizer } from '../../main/engine/tokenize/save'
import { trainTokenizer } from '../../main/engine/tokenize/train/trainTokenizer'
import { TrainTokenizerOptions } from '../../shared/domain/tokenizer'
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
    { name: 'type', value: 'TYPE', help: 'WordPiece (the default), BPE or Unigram.' },
    { name: 'vocab-size', value: 'N', help: 'Size of the vocabulary; the default is 8000.' },
    { name: 'min-frequency', value: 'N', help: 'Pairs seen less often are not merged; the default is 2.' },
    { name: 'limit-alphabet', value: 'N', help: 'Characters kept at most; the default is 1000.' },
    { name: 'characters', help: 'BPE over characters, not over bytes.' },
    { name: 'cased', help: 'Keep upper and lower case apart.' },
    {
      name: 'normalizer',
      value: 'FORM',
      help: 'none, NFC or NFKC (the default), for Unigram and BPE --characters.',
    },
    { name: 'special-tokens', value: 'A,B', help: 'Tokens of their own, beside those the type needs.' },
    { name: 'text-column', value: 'NAME', help: 'Column of the text; the default is text.' },
  ],
  async run(context) {
    const { args, out, cwd } = context
    const type = args.text('type')
    const normalizer = args.text('normalizer')
    const vocabSize = args.number('vocab-size', { least: 64, most: 1_000_000, isWhole: true })
    const minFrequency = args.number('min-frequency', { least: 0, most: 1_000_000, isWhole: true })
    const limitAlphabet = args.number('limit-alphabet', { least: 1, most: 100_000, isWhole: true })
    const specialTokens = args.text('special-tokens')?.split(',')
    const options = parseOptions({
      ...(type !== undefined && { type }),
      ...(normalizer !== undefined && { normalizer }),
      ...(vocabSize !== undefined && { vocab_size: vocabSize }),
      ...(minFrequency !== undefined && { min_frequency: minFrequency }),
      ...(limitAlphabet !== undefined && { limit_alphabet: limitAlphabet }),
      ...(specialTokens !== undefined && { special_tokens: specialTokens }),
      ...(args.has('characters') && { byte_level: false }),
      ...(args.has('cased') && { lowercase: false }),
    })
    const column = args.text('text-column')
    const output = resolve(cwd, args.required('output'))
    const rows = await readInputRows(
      resolve(cwd, args.required('input')),
      column === undefined ? {} : { text: column },
      'single-label',
      false,
    )
    const controller = new AbortController()
    context.onInterrupt(() => controller.abort())
    const tokenizer = await trainTokenizer(
      rows.map((row) => row.text),
      options,
      { signal: controller.signal },
    )
    await saveTokenizer(tokenizer, output)
    out.result(
      { path: output, type: options.type, vocab_size: tokenizer.vocabSize },
      `${options.type}, ${tokenizer.vocabSize} tokens, in ${output}`,
    )
    return EXIT.done
  },
}

/** @throws UserError `bad-input` naming the option */
function parseOptions(raw: Record<string, unknown>): TrainTokenizerOptions {
  const parsed = TrainTokenizerOptions.safeParse(raw)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const option = String(issue!.path[0]).replaceAll('_', '-')
  throw new UserError('bad-input', `--${option}: ${issue!.message}.`)
}
