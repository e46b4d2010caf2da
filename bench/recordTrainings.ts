/**
 * `npm run bench -- --record-trainings FILE`: a full grid of real small trainings on the sample, one CSV line each with
 * the validation accuracy after every epoch. The tuner's tests replay it (test/fixtures/tuner). A file that holds part
 * of the grid is continued.
 */
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { semanticFieldsRows } from '../src/main/data/sample/semanticFields'
import { encodeRows } from '../src/main/engine/tokenize/encodeRows'
import { trainTokenizer } from '../src/main/engine/tokenize/train/trainTokenizer'
import type { LabelledRows } from '../src/main/engine/train/rows'
import { trainRun } from '../src/main/engine/train/trainRun'
import { OBJECTIVES } from '../src/main/engine/objectives/registry'
import type { Scorer } from '../src/main/engine/train/spec'
import { parseRunConfig } from '../src/shared/domain/runConfig'
import { smallEncoderConfig } from '../src/shared/domain/smallEncoder'
import { RunId } from '../src/shared/ids'

const GRID = {
  learning_rate: Array.from({ length: 12 }, (_, i) => Number((1e-4 * 10 ** (i / 4)).toPrecision(3))),
  per_device_train_batch_size: [8, 16, 32, 64],
  hidden_dropout_prob: [0, 0.2, 0.4],
  hidden_size: [32, 64],
  warmup_steps: [0, 0.2],
} as const
type Point = { [K in keyof typeof GRID]: number }

const FIELDS = ['animal', 'artifact', 'food', 'motion']
const ROWS_A_SPLIT = 400
const EPOCHS = 6
const COLUMNS = [...Object.keys(GRID), ...Array.from({ length: EPOCHS }, (_, e) => `accuracy_${e + 1}`)]

export async function recordTrainings(file: string): Promise<void> {
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known === '') await writeFile(file, `${COLUMNS.join(',')}\n`)
  const done = new Set(known.split('\n').map((line) => line.split(',').slice(0, 5).join(',')))
  const rows = await sampleRows()
  for (const point of points()) {
    const key = Object.values(point).join(',')
    if (done.has(key)) continue
    const curve = await train(point, rows)
    await appendFile(file, `${key},${curve.map((accuracy) => accuracy.toFixed(4)).join(',')}\n`)
  }
}

function points(): Point[] {
  let all: Partial<Point>[] = [{}]
  for (const [name, values] of Object.entries(GRID))
    all = all.flatMap((point) => values.map((value) => ({ ...point, [name]: value })))
  return all as Point[]
}

interface Rows {
  train: LabelledRows
  validation: LabelledRows
  labels: string[]
  vocabulary: number
}

async function sampleRows(): Promise<Rows> {
  const all = (await semanticFieldsRows()).filter(({ cells }) => FIELDS.includes(cells.label))
  const split = (name: 'train' | 'validation') =>
    all.filter((row) => row.split === name).slice(0, ROWS_A_SPLIT)
  const tokenizer = await trainTokenizer(
    split('train').map(({ cells }) => cells.text),
    { vocab_size: 1000 },
  )
  const encode = async (name: 'train' | 'validation'): Promise<LabelledRows> => {
    const texts = split(name).map(({ cells }) => cells.text)
    const { ids, offsets } = await encodeRows(tokenizer, texts, null, { maxLength: 24 })
    const labels = Int32Array.from(split(name), ({ cells }) => FIELDS.indexOf(cells.label))
    return { ids, offsets, typeIds: null, labels }
  }
  return {
    train: await encode('train'),
    validation: await encode('validation'),
    labels: FIELDS,
    vocabulary: tokenizer.idCount,
  }
}

async function train(
  { hidden_size, hidden_dropout_prob, ...settings }: Point,
  rows: Rows,
): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'recorded-'))
  const model = { ...smallEncoderConfig(1, hidden_size), vocab_size: rows.vocabulary }
  const curve: number[] = []
  try {
    await trainRun(
      {
        runId: RunId.parse('recorded'),
        config: parseRunConfig({
          task: 'sequence-classification',
          model: { architecture: 'bert', config: model },
          dataset: { sample: 'semantic-fields' },
          config_overrides: { hidden_dropout_prob },
          num_train_epochs: EPOCHS,
          per_device_eval_batch_size: 64,
          eval_strategy: 'epoch',
          save_strategy: 'no',
          num_threads: 1,
          ...settings,
        }),
        origin: { kind: 'random', architecture: 'bert', config: model },
        objective: OBJECTIVES['single-label'],
        labels: rows.labels,
        train: rows.train,
        validation: rows.validation,
        outputDir: join(folder, 'model'),
        checkpointsDir: join(folder, 'checkpoints'),
        tokenizerFiles: {},
        facts: { data_sha256: 'sample', tokenizer_sha256: 'sample' },
      },
      {
        emit: (event) => event.event === 'evaluate' && void curve.push(event.metrics['accuracy']!),
        signal: new AbortController().signal,
        paused: () => null,
        newScorer: () => accuracyScorer(rows.validation),
      },
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return curve
}

/** The share of rows whose largest logit is the label's. */
function accuracyScorer({ labels }: LabelledRows): Scorer {
  let hits = 0
  return {
    add(row, logits) {
      if (logits.indexOf(Math.max(...logits)) === labels[row]) hits++
    },
    metrics: () => ({ accuracy: hits / labels.length }),
  }
}
