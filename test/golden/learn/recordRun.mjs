// Records the run that the figures "train/validation gap" and "early stopping" show: a small encoder from random weights
// on 400 rows of the sample, trained far too long, so that it overfits. Writes overfittingRun.json beside the figures.
// Needs a build: node test/golden/learn/recordRun.mjs
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createJiti } from 'jiti'

const root = resolve(import.meta.dirname, '../../..')
const { semanticFieldsRows } = await createJiti(import.meta.url).import(
  join(root, 'src/main/data/sample/semanticFields.ts'),
)
const folder = mkdtempSync(join(tmpdir(), 'tunesmith-record-'))
const rows = await semanticFieldsRows()
const of = (split, count) => {
  const mine = rows.filter((row) => row.split === split)
  return Array.from({ length: count }, (_, i) => mine[Math.floor((i * mine.length) / count)])
}
const write = (name, some) =>
  writeFileSync(join(folder, name), some.map(({ cells }) => `${JSON.stringify(cells)}\n`).join(''))
write('train.jsonl', of('train', 400))
write('validation.jsonl', of('validation', 400))

const config = {
  task: 'sequence-classification',
  model: {
    architecture: 'bert',
    config: {
      hidden_size: 128,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      intermediate_size: 512,
      max_position_embeddings: 64,
    },
  },
  dataset: { train: 'train.jsonl', validation: 'validation.jsonl' },
  vocab_size: 2000,
  max_length: 32,
  num_train_epochs: 30,
  per_device_train_batch_size: 32,
  learning_rate: 1e-3,
  lr_scheduler_type: 'constant',
  eval_strategy: 'epoch',
  logging_strategy: 'epoch',
  save_strategy: 'no',
  num_threads: 1,
  seed: 42,
}
writeFileSync(join(folder, 'run.json'), JSON.stringify(config))
const output = execFileSync(
  process.execPath,
  [
    join(root, 'out/main/cli.js'),
    'train',
    '--config',
    join(folder, 'run.json'),
    '--home',
    join(folder, 'home'),
    '--json',
  ],
  { encoding: 'utf8', maxBuffer: 2 ** 26 },
)
const events = output
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line))
const round = (value) => Number(value.toFixed(4))
const losses = events.filter(({ event }) => event === 'step').map(({ loss }) => round(loss))
const evaluations = events.filter(({ event }) => event === 'evaluate').map(({ metrics }) => metrics)
const record = {
  train: losses,
  validation: evaluations.map(({ loss, eval_loss }) => round(loss ?? eval_loss)),
  accuracy: evaluations.map(({ accuracy }) => round(accuracy)),
}
const file = join(root, 'src/renderer/src/panes/learn/figures/overfittingRun.json')
writeFileSync(file, `${JSON.stringify(record)}\n`)
console.log(record)
