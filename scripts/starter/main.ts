/**
 * `npm run starter`: pretrains the starter encoder and writes its folder. `npm run starter -- measure` says what it is
 * worth and writes that into its model card; both leave a folder that can be committed.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DEFAULT_STARTER } from '../../src/shared/domain/starters'
import { trainTokenizer } from '../../src/main/engine/tokenize/train/trainTokenizer'
import { FIGURES_FILE, writeCard } from './card'
import { buildCorpus } from './corpus'
import { exportEncoder } from './export'
import { measure } from './measure'
import { type Plan, pretrain } from './pretrain'
import { tokenizeCorpus } from './texts'
import { readFirstSenses } from './wordnet'

const VOCAB_SIZE = 16_000
const COMMON = { seed: 1, weightDecay: 0.01, numThreads: 1 }
const WORDS: Plan = {
  ...COMMON,
  stage: 'words',
  rate: [
    [-1, 0],
    [90, 1.82e-3],
    [1000, 0],
  ],
}
const TEXTS: Plan = {
  ...COMMON,
  stage: 'texts',
  // Slower at first than at the end: the machine was wanted for other work.
  rate: [
    [-1, 0],
    [299, 1e-3],
    [2000, 1e-3],
    [3300, 5.667e-4],
    [4300, 0],
  ],
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Corpus, tokenizer, states and logs; what is there is not made again. */
    work: { type: 'string', default: join(process.cwd(), 'out', 'starter-work') },
    output: { type: 'string', default: join(process.cwd(), 'resources', 'models', DEFAULT_STARTER) },
  },
})

if (positionals[0] === 'measure') {
  const figures = await measure(options.output, join(process.cwd(), 'out', 'main'))
  await writeFile(join(options.output, FIGURES_FILE), `${JSON.stringify(figures, null, 2)}\n`)
  await writeCard(options.output)
} else {
  const { entries, exclusions } = await buildCorpus()
  const tokenizerTexts = entries.flatMap(({ words, definition, examples }) => [
    ...words,
    definition,
    ...examples,
  ])
  const tokenizer = await trainTokenizer(tokenizerTexts, { vocab_size: VOCAB_SIZE })
  const tokens = tokenizeCorpus(entries, await readFirstSenses(), tokenizer)
  const folderOf = ({ stage }: Plan) => join(options.work, stage)
  const words = await pretrain(tokens, tokenizer, WORDS, folderOf(WORDS))
  const stateFile = await pretrain(tokens, tokenizer, TEXTS, folderOf(TEXTS), words)
  await exportEncoder(options.output, {
    stateFile,
    tokenizer,
    exclusions,
    stages: [WORDS, TEXTS].map(folderOf),
  })
  await writeCard(options.output)
}
