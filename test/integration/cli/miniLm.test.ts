/** A real pretrained model: all-MiniLM-L6-v2 loads, trains as the Trainer does, is saved and predicts the same. */
import { copyFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { listTensors } from '../../../src/main/engine/checkpoint/weightFiles'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { miniLm } from '../../helpers/miniLm'
import { temporaryFolder } from '../store/temporary'
import { tunesmith } from './terminal'

interface Golden {
  labels: string[]
  steps: { loss: number; grad_norm: number; learning_rate: number }[]
  before: number[][]
  after: number[][]
}
type Scores = Record<string, number>

const goldens = fileURLToPath(new URL('../../golden', import.meta.url))
const golden = JSON.parse(readFileSync(join(goldens, 'minilm', 'golden.json'), 'utf8')) as Golden
const data = (split: string) => join(goldens, 'bert', 'data', `topics.${split}.jsonl`)

const found = miniLm()
if ('absent' in found) console.warn(`Skipped: all-MiniLM-L6-v2 is not here, ${found.absent}.`)

/** The package's folder with the fixture's classifier as a second shard. */
async function withHead(folder: string): Promise<string> {
  const home = temporaryFolder()
  const inside = (name: string) => join(home, name)
  for (const name of ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'vocab.txt'])
    copyFileSync(join(folder, name), inside(name))
  symlinkSync(join(folder, 'model.safetensors'), inside('trunk.safetensors'))
  copyFileSync(join(goldens, 'minilm', 'head.safetensors'), inside('head.safetensors'))
  const trunk = [...(await listTensors(folder)).keys()].map((name) => [name, 'trunk.safetensors'])
  const head = ['classifier.weight', 'classifier.bias'].map((name) => [name, 'head.safetensors'])
  writeFileSync(
    inside('model.safetensors.index.json'),
    JSON.stringify({ metadata: {}, weight_map: Object.fromEntries([...trunk, ...head]) as object }),
  )
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object
  const labels = {
    id2label: Object.fromEntries(golden.labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(golden.labels.map((label, id) => [label, id])),
  }
  writeFileSync(
    inside('config.json'),
    JSON.stringify({ ...config, architectures: ['BertForSequenceClassification'], ...labels }),
  )
  return home
}

it.skipIf('absent' in found)(
  'all-MiniLM-L6-v2 answers and trains as under Transformers',
  async () => {
    const model = await withHead((found as { folder: string }).folder)
    const home = temporaryFolder()
    const call = (...argv: string[]) => tunesmith(argv, { home, spawnWorker: nodeHost() })
    const far = async (from: string, expected: number[][]) => {
      const { lines } = await call('predict', '--model', from, '--input', data('validation'))
      const scores = lines.map((line) => golden.labels.map((label) => (line.scores as Scores)[label]!))
      expect(scores).toHaveLength(expected.length)
      return Math.max(
        ...scores.flatMap((row, r) => row.map((score, c) => Math.abs(score - expected[r]![c]!))),
      )
    }
    expect(await far(model, golden.before)).toBeLessThanOrEqual(1e-5)
    const run = {
      task: 'sequence-classification',
      model,
      dataset: { train: data('train') },
      max_length: 40,
      config_overrides: { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 },
      per_device_train_batch_size: 12,
      num_train_epochs: golden.steps.length,
      logging_steps: 1,
      save_strategy: 'no',
    }
    writeFileSync(join(home, 'run.json'), JSON.stringify(run))
    const trained = await call('train', '--config', join(home, 'run.json'), '--json')
    expect(trained.stderr).not.toContain('random weights')
    const steps = trained.lines.filter(({ event }) => event === 'step') as unknown as Golden['steps']
    expect(steps).toHaveLength(golden.steps.length)
    for (const [i, step] of golden.steps.entries())
      for (const name of ['loss', 'grad_norm', 'learning_rate'] as const)
        expect(Math.abs(steps[i]![name] - step[name])).toBeLessThanOrEqual(1e-4 * step[name])
    expect(await far('1', golden.after)).toBeLessThanOrEqual(1e-4)
  },
  180_000,
)
