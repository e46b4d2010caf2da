/**
 * What the starter is worth on the sample, by runs as the studio does them. With 200 labelled rows: the starter, the
 * same encoder from random weights, and bag of words, over draws of rows; then the whole training split as
 * `tunesmith sample` trains it.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { shuffle } from '../../src/main/data/random'
import { seededRandom } from '../../src/shared/seededRandom'
import { type SemanticFieldsRow, semanticFieldsRows } from '../../src/main/data/sample/semanticFields'
import { createServices, type Services } from '../../src/main/services/create'
import { recommend } from '../../src/main/services/recommend'
import { nodeHost } from '../../src/main/worker/nodeHost'
import { SAMPLE_RUN } from '../../src/shared/domain/sampleRun'
import type { DatasetVersion } from '../../src/shared/domain/dataset'
import type { ModelSource } from '../../src/shared/domain/runConfig'

const LABELLED = 200
const SEEDS = [1, 2, 3, 4, 5]
const FULL_SEEDS = [1, 2, 3]
/** Two-sided 95 % point of Student's t for one degree of freedom, two, … */
const T_95 = [12.706, 4.303, 3.182, 2.776]

export interface Spread {
  mean: number
  /** Half the width of the mean's 95 % interval (Student's t). */
  interval: number
  values: number[]
}

export interface Figures {
  labelled_rows: number
  few: { starter: Spread; random_weights: Spread; bag_of_words: Spread }
  /** All training rows; seconds from start to trained, with the baselines. */
  full: { starter: Spread; bag_of_words: number; seconds: number }
  settings: { few: Settings; random_weights: Settings; full: Settings }
}

type Settings = Record<string, unknown>

/** @param folder of the encoder @param workers folder of the built worker programs */
export async function measure(folder: string, workers: string): Promise<Figures> {
  const home = await mkdtemp(join(tmpdir(), 'starter-measure-'))
  const services = createServices({
    home,
    owner: 'cli',
    spawnWorker: nodeHost({ entryDir: workers }),
    versions: { app: 'measure', electron: null },
  })
  try {
    const few = await measureFew(services, folder, home)
    const full = await measureFull(services, folder)
    return {
      labelled_rows: LABELLED,
      few: few.spreads,
      full: full.figures,
      settings: { ...few.settings, full: full.settings },
    }
  } finally {
    await services.close()
    await rm(home, { recursive: true, force: true })
  }
}

async function measureFew(services: Services, folder: string, home: string) {
  const rows = await semanticFieldsRows()
  const validation = join(home, 'validation.jsonl')
  await writeRows(
    validation,
    rows.filter(({ split }) => split !== 'train'),
  )
  const random = await randomEncoder(folder)
  const settings = { few: recommended({ starter: folder }), random_weights: recommended(random) }
  const found = { starter: [] as number[], random_weights: [] as number[], bag_of_words: [] as number[] }
  for (const seed of SEEDS) {
    const train = join(home, `train-${seed}.jsonl`)
    const training = rows.filter(({ split }) => split === 'train')
    await writeRows(train, shuffle(training, seededRandom(seed)).slice(0, LABELLED))
    const subject = { task: 'sequence-classification', dataset: { train, validation }, max_length: 64, seed }
    const starter = await finish(services, { ...subject, ...settings.few, model: folder })
    const other = await finish(services, {
      ...subject,
      ...settings.random_weights,
      model: random,
      tokenizer: folder,
    })
    found.starter.push(starter.accuracy)
    found.bag_of_words.push(starter.bagOfWords)
    found.random_weights.push(other.accuracy)
    console.log(
      `seed ${seed}: starter ${starter.accuracy.toFixed(3)}, random weights ${other.accuracy.toFixed(3)}, ` +
        `bag of words ${starter.bagOfWords.toFixed(3)}`,
    )
  }
  return {
    settings,
    spreads: {
      starter: spread(found.starter),
      random_weights: spread(found.random_weights),
      bag_of_words: spread(found.bag_of_words),
    },
  }
}

async function measureFull(services: Services, folder: string) {
  const settings: Settings = { ...SAMPLE_RUN, model: { starter: basename(folder) } }
  const runs = []
  for (const seed of FULL_SEEDS) {
    const run = await finish(services, { ...settings, model: folder, seed })
    console.log(`seed ${seed}, all rows: ${run.accuracy.toFixed(3)} in ${run.seconds.toFixed(0)} s`)
    runs.push(run)
  }
  const figures = {
    starter: spread(runs.map(({ accuracy }) => accuracy)),
    bag_of_words: runs[0]!.bagOfWords,
    seconds: Math.max(...runs.map(({ seconds }) => seconds)),
  }
  return { settings, figures }
}

/** What the studio recommends for 200 rows; the model that the run ends with is measured, not the best of its epochs. */
function recommended(model: ModelSource): Settings {
  const version = { rows: { train: LABELLED, validation: 0, test: 0 } } as DatasetVersion
  const advice = recommend({
    model,
    version,
    profile: null,
    columns: {},
    task: 'sequence-classification',
    problem_type: null,
  })
  const values = Object.fromEntries(Object.entries(advice).map(([name, { value }]) => [name, value]))
  const steps =
    Math.ceil(LABELLED / (values['per_device_train_batch_size'] as number)) *
    (values['num_train_epochs'] as number)
  return { ...values, eval_strategy: 'steps', eval_steps: steps, save_strategy: 'no', num_threads: 1 }
}

async function finish(services: Services, config: Settings) {
  const started = performance.now()
  const id = await services.runs.start(config)
  const state = await services.runs.ended(id)
  const run = services.runs.show(id)
  if (state !== 'completed') throw new Error(`The run ended ${state}: ${run.reason ?? ''}`)
  const words = run.baselines.find(({ name }) => name === 'bag of words')
  return {
    accuracy: (config.load_best_model_at_end ? run.bestEval : run.lastEval)!.accuracy!,
    bagOfWords: words!.metrics.accuracy!,
    seconds: (performance.now() - started) / 1000,
  }
}

/** The encoder's own shape, as an architecture to start from at random. */
async function randomEncoder(folder: string): Promise<{ architecture: string; config: Settings }> {
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as Settings
  for (const field of ['architectures', 'model_type', 'dtype']) Reflect.deleteProperty(config, field)
  return { architecture: 'bert', config }
}

async function writeRows(file: string, rows: readonly SemanticFieldsRow[]): Promise<void> {
  await writeFile(file, rows.map(({ cells }) => `${JSON.stringify(cells)}\n`).join(''))
}

function spread(values: number[]): Spread {
  const n = values.length
  const mean = values.reduce((a, b) => a + b, 0) / n
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  return { mean, interval: T_95[n - 2]! * Math.sqrt(variance / n), values }
}
