/** Every task from files to a bundle, by the command line with the real engine, on small made data that it can learn. */
import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../src/main/engine/random/stream'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { temporaryFolder } from '../store/temporary'
import { tunesmith, type Called } from './terminal'

const ENCODER = {
  architecture: 'bert',
  config: {
    num_hidden_layers: 2,
    hidden_size: 32,
    num_attention_heads: 2,
    intermediate_size: 64,
    max_position_embeddings: 32,
  },
}

const random = new RandomStream(7)
const pick = <T>(items: readonly T[]): T => items[random.below(items.length)]!
const FILLER = ['the', 'day', 'with', 'on', 'again', 'some']

/** A sentence with a person and a place, the rest O. */
function tagged() {
  const tokens = [
    pick(['Anna', 'Bob', 'Carla']),
    pick(['sees', 'leaves']),
    pick(['Paris', 'Oslo']),
    pick(FILLER),
  ]
  return { tokens, tags: ['B-PER', 'O', 'B-LOC', 'O'] }
}

function topics() {
  const labels = ['sport', 'weather'].filter(() => random.below(2) === 0)
  const words = labels.map((label) => (label === 'sport' ? 'goal' : 'sunny'))
  return { text: [pick(FILLER), ...words, pick(FILLER)].join(' '), labels }
}

function rated() {
  const good = random.below(5)
  return {
    text: [...'good '.repeat(good).split(' '), ...'dull '.repeat(4 - good).split(' ')].join(' '),
    score: good / 2,
  }
}

function coloured() {
  const colour = pick(['red', 'blue'])
  return { text: `the ${colour} ${colour === 'red' ? 'rose' : 'sky'} is ${pick(['here', 'there'])}` }
}

interface Case {
  name: string
  row: () => object
  settings: Record<string, unknown>
  /** A figure that the model must reach, and which way. */
  reaches: [metric: string, sign: 1 | -1, value: number]
  baseline: string
  ask: object
  /** The same in another form. */
  askAgain?: object
  answer: Record<string, unknown>
  /** A metric of `score`, and what it compares the answer with. */
  scored?: [metric: string, reference: unknown]
  tag: string
  /** Whether the loss is the mean over rows, not over tokens. */
  rowsWeighEqually: boolean
}

interface Kept {
  text: string
  loss: number
}

const number: unknown = expect.any(Number)

const CASES: Case[] = [
  {
    name: 'token classification',
    row: tagged,
    settings: { task: 'token-classification' },
    reaches: ['f1', 1, 0.95],
    baseline: 'commonest tag of a token',
    ask: { tokens: ['Bob', 'leaves', 'Oslo', 'again'] },
    askAgain: { tokens: 'Bob leaves  Oslo again' },
    answer: { tags: ['B-PER', 'O', 'B-LOC', 'O'] },
    scored: ['seqeval', ['B-PER', 'O', 'B-LOC', 'O']],
    tag: 'token-classification',
    rowsWeighEqually: false,
  },
  {
    name: 'several labels',
    row: topics,
    settings: { task: 'sequence-classification' },
    reaches: ['f1_micro', 1, 0.95],
    baseline: 'label shares',
    ask: { text: 'the goal again' },
    answer: { labels: ['sport'], scores: { sport: number, weather: number } },
    scored: ['multilabel_f1', ['sport']],
    tag: 'text-classification',
    rowsWeighEqually: true,
  },
  {
    name: 'regression',
    row: rated,
    settings: {
      task: 'sequence-classification',
      problem_type: 'regression',
      columns: { text: 'text', label: 'score' },
    },
    reaches: ['mse', -1, 0.1],
    baseline: 'training mean',
    ask: { text: 'good good good good' },
    answer: { value: expect.closeTo(2, 0) as unknown },
    scored: ['mae', 2],
    tag: 'text-classification',
    rowsWeighEqually: true,
  },
  {
    name: 'masked words',
    row: coloured,
    settings: {
      task: 'masked-lm',
      mlm_probability: 0.3,
      whole_word: true,
      num_train_epochs: 40,
      config_overrides: { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 },
    },
    reaches: ['pseudo_perplexity', -1, 3],
    baseline: 'unigram',
    ask: { text: 'the red [MASK] is here' },
    answer: {
      fills: [expect.arrayContaining([{ token: 'rose', score: number }]) as unknown],
      filled: 'the red rose is here',
    },
    tag: 'fill-mask',
    rowsWeighEqually: false,
  },
]

describe.each(CASES)(
  '$name',
  ({ row, settings, reaches, baseline, ask, askAgain = ask, answer, scored, tag, rowsWeighEqually }) => {
    it('trains, measures, predicts, and goes into a bundle that does the same', async () => {
      const home = temporaryFolder()
      const call = (...argv: string[]): Promise<Called> => tunesmith(argv, { home, spawnWorker: nodeHost() })
      const file = (name: string, rows: readonly unknown[]) => {
        const path = join(home, name)
        writeFileSync(path, rows.map((one) => `${JSON.stringify(one)}\n`).join(''))
        return path
      }
      const many = (count: number) => Array.from({ length: count }, row)
      const config = join(home, 'run.json')
      const run = {
        model: ENCODER,
        dataset: { train: file('train.jsonl', many(160)), validation: file('validation.jsonl', many(40)) },
        vocab_size: 100,
        max_length: 24,
        num_train_epochs: 12,
        per_device_train_batch_size: 16,
        learning_rate: 5e-3,
        eval_strategy: 'epoch',
        save_strategy: 'no',
        logging_steps: 10,
        num_threads: 1,
        ...settings,
      }
      writeFileSync(config, JSON.stringify(run))

      const trained = await call('train', '--config', config, '--json')
      expect([trained.code, trained.stderr]).toEqual([0, expect.stringContaining(`${baseline} baseline`)])
      const end = trained.lines.at(-1) as { state: string; metrics: Record<string, number> }
      const [metric, sign, value] = reaches
      expect(end.state).toBe('completed')
      expect(sign * end.metrics[metric]!).toBeGreaterThan(sign * value)

      const last = String(trained.lines.findLast(({ event }) => event === 'evaluate')!.step)
      const kept = (await call('runs', 'examples', '1', '--step', last, '--json')).lines as unknown as Kept[]
      expect(kept).toHaveLength(40)
      expect(Object.keys(kept[0]!)).toEqual(expect.arrayContaining(Object.keys(answer)))
      if (rowsWeighEqually)
        expect(kept.reduce((sum, { loss }) => sum + loss, 0) / 40).toBeCloseTo(end.metrics.loss!, 5)
      expect(kept.filter(({ text }) => text === '')).toEqual([])

      const measured = await call('eval', '--model', '1', '--json')
      const { metrics } = measured.lines[0] as { metrics: Record<string, number> }
      for (const name of ['loss', metric]) expect(metrics[name]).toBeCloseTo(end.metrics[name]!, 5)

      const input = file('ask.jsonl', [ask, askAgain])
      const ofRun = await call('predict', '--model', '1', '--input', input)
      expect(ofRun.lines).toEqual([answer, answer])

      if (scored !== undefined) {
        const predictions = file('predictions.jsonl', ofRun.lines)
        const references = file('references.jsonl', [scored[1], scored[1]])
        const score = await call(
          'score',
          '--metrics',
          scored[0],
          '--predictions',
          predictions,
          '--references',
          references,
        )
        expect(score.lines[0]).toMatchObject({ metric: scored[0], n: 2 })
      }

      const bundle = join(home, 'bundle')
      const exported = await call('bundle', 'export', '1', '--output', bundle)
      expect([exported.code, exported.stderr]).toEqual([0, expect.any(String)])
      expect((await call('bundle', 'verify', bundle)).code).toBe(0)
      expect((await call('predict', '--model', bundle, '--input', input)).stdout).toBe(ofRun.stdout)
      const card = await readFile(join(bundle, 'README.md'), 'utf8')
      expect(card).toContain(`pipeline_tag: ${tag}`)
    })
  },
)
