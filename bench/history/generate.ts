/** A data folder with a long history: runs of a sweep with their settings, figures, evaluations and tags. */
import type { EvalMetrics, RunEvent, StepMetrics } from '../../src/shared/domain/run'
import { parseRunConfig } from '../../src/shared/domain/runConfig'
import type { DatasetId, DatasetVersionId, RunId } from '../../src/shared/ids'
import { openHome } from '../../src/main/services/home'
import { change, inTransaction, type WritableDB } from '../../src/main/store/handles'
import { closeStore, openStore } from '../../src/main/store/open'
import { addTag } from '../../src/main/store/queries/annotations'
import { insertDataset } from '../../src/main/store/queries/datasets'
import { STEP_FIGURES } from '../../src/main/store/queries/metrics'
import { recordEvents } from '../../src/main/store/queries/recordEvents'
import { StepFigures } from '../../src/main/store/queries/runFigures'
import { insertRun } from '../../src/main/store/queries/runs'

const VERSION = 'v1' as DatasetVersionId
const EVALUATIONS = 5
const MINUTE_MS = 60_000
const TAGS = ['baseline', 'wide', 'dropout', 'keep']
const RATES = [1e-3, 3e-4, 1e-4, 5e-5]
const ENDS = ['completed', 'completed', 'completed', 'failed', 'cancelled'] as const

/** Each run logs as many steps as make `metricRows` together. Tells how far it is. */
export function generateHistory(
  folder: string,
  { runs, metricRows }: { runs: number; metricRows: number },
  onProgress: (done: number) => void,
): void {
  const home = openHome(folder)
  const db = openStore(home.database)
  const steps = Math.max(EVALUATIONS, Math.round(metricRows / runs / STEP_FIGURES.length))
  addDataset(db)
  for (let from = 0; from < runs; from += 500) {
    inTransaction(db, () => {
      for (let i = from; i < Math.min(runs, from + 500); i++) addRun(db, i, steps)
    })
    onProgress(Math.min(runs, from + 500))
  }
  closeStore(db)
}

/** Its file is not there: the history alone is looked at. */
function addDataset(db: WritableDB): void {
  insertDataset(
    db,
    { id: 'd1' as DatasetId, name: 'wordnet', createdAtMs: 0 },
    {
      id: VERSION,
      createdAtMs: 0,
      rows: { train: 12_000, validation: 1_200, test: 1_200 },
      rejected: 0,
      sha256: '0'.repeat(64),
      source: { kind: 'file', path: 'wordnet.csv', format: 'csv', encoding: 'utf-8' },
      splitRule: '10 % validation, seed 42',
      sizeBytes: 0,
      file: 'datasets/v1.sqlite',
      profile: { columns: [], duplicates: 0, warnings: [] },
    },
  )
}

function addRun(db: WritableDB, i: number, steps: number): void {
  const id = `run${String(i).padStart(7, '0')}` as RunId
  const [seed, rate] = [42 + (i % 5), RATES[Math.floor(i / 5) % RATES.length]!]
  const atMs = Date.UTC(2026, 0, 1) + i * 20 * MINUTE_MS
  insertRun(db, {
    id,
    name: `enc-${2 + (Math.floor(i / 20) % 3)}x128, seed ${seed}`,
    datasetName: `wordnet-${12 + (i % 3)}`,
    datasetVersionId: VERSION,
    modelName: `bert ${2 + (Math.floor(i / 20) % 3)} × 128, random weights`,
    modelDir: null,
    runDir: `runs/${id}`,
    device: 'cpu',
    config: parseRunConfig({
      task: 'sequence-classification',
      model: {
        architecture: 'bert',
        config: { hidden_size: 128, num_hidden_layers: 2 + (Math.floor(i / 20) % 3) },
      },
      dataset: { version: 'v1' },
      eval_strategy: 'epoch',
      metric_for_best_model: 'accuracy',
      learning_rate: rate,
      weight_decay: (i % 7) / 100,
      seed,
    }),
    environment: {},
    atMs,
  })
  for (const [at, tag] of TAGS.entries()) if (i % (at + 2) === 0) addTag(db, id, tag)
  log(db, id, i, steps)
  const events: RunEvent[] = [
    { event: 'state', state: 'preparing' },
    { event: 'state', state: 'running' },
    ...Array.from({ length: EVALUATIONS }, (_, e) => evaluation(i, e + 1, steps)),
    { event: 'state', state: ENDS[i % ENDS.length]! },
  ]
  recordEvents(
    db,
    id,
    events.map((event, at) => ({ event, atMs: atMs + at * MINUTE_MS })),
  )
  change(
    db,
    'UPDATE runs SET step = $steps, total_steps = $steps, epoch = $epochs, last_loss = 0.4 WHERE id = $id',
    {
      id,
      steps,
      epochs: EVALUATIONS,
    },
  )
}

/** The rows in one statement a figure; their summary as the recorder keeps it. */
function log(db: WritableDB, run: RunId, i: number, steps: number): void {
  const logged = Array.from({ length: steps }, (_, s): StepMetrics => {
    const at = s + 1
    const loss = 0.3 + 2 * Math.exp((-4 * at) / steps) + 0.05 * Math.sin(at * (i + 1))
    return {
      step: at,
      epoch: (EVALUATIONS * at) / steps,
      loss,
      grad_norm: 1 + loss / 2,
      learning_rate: 1e-3 * (1 - s / steps),
      tokens_per_second: 9000 + ((at * 37) % 500),
      samples_per_second: 600 + ((at * 7) % 40),
    }
  })
  for (const name of STEP_FIGURES)
    change(
      db,
      'INSERT INTO metrics (run_id, step, name, value) SELECT $run, key + 1, $name, value FROM json_each($values)',
      { run, name, values: JSON.stringify(logged.map((step) => step[name])) },
    )
  const figures = new StepFigures(run)
  for (const step of logged) figures.add(step, { differing: [], replaced: [] })
  figures.write(db)
}

function evaluation(i: number, epoch: number, steps: number): RunEvent {
  const accuracy = 0.6 + 0.05 * epoch + ((i * 7919) % 100) / 1000
  const metrics: EvalMetrics = { loss: 1.4 - accuracy, accuracy, f1: accuracy - 0.01, runtime: 1.5 }
  return { event: 'evaluate', step: Math.round((steps * epoch) / EVALUATIONS), epoch, metrics }
}
