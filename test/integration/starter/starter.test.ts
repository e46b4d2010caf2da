/** The encoder that comes with the studio: its files, what it never read, and what it is worth with few rows. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCorpus } from '../../../scripts/starter/corpus'
import { shuffle } from '../../../src/main/data/random'
import { seededRandom } from '../../../src/shared/seededRandom'
import { type SemanticFieldsRow, semanticFieldsRows } from '../../../src/main/data/sample/semanticFields'
import { starterFolder } from '../../../src/main/services/starters'
import { DEFAULT_STARTER } from '../../../src/shared/domain/starters'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'
import type { RunId } from '../../../src/shared/ids'
import { runTask, startTask } from '../../helpers/worker'

const folder = starterFolder(DEFAULT_STARTER)
const read = (name: string) => readFile(join(folder, name), 'utf8')
const normal = (text: string) =>
  text
    .toLowerCase()
    .match(/[a-z0-9]+/g)
    ?.join(' ') ?? ''

describe('the folder of the starter', () => {
  it('holds what its checksums say, in at most 14 MB', async () => {
    const sums = (await read('SHA256SUMS')).trimEnd().split('\n')
    expect(sums).toHaveLength(4)
    for (const line of sums) {
      const [sha256, name] = line.split('  ') as [string, string]
      const bytes = await readFile(join(folder, name))
      expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(sha256)
    }
    const sizes = await Promise.all((await readdir(folder)).map((name) => stat(join(folder, name))))
    expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(14e6)
  })

  it('opens with its tokenizer, its head new', async () => {
    const model = await runTask({ kind: 'inspect', modelDir: folder })
    expect(model).toMatchObject({ architecture: 'bert', hasTokenizer: true })
    expect(model.summary).toMatch(/^bert, 2 layers × 256, 5\.\d+ M parameters$/)
  })

  it('never read a validation definition of the sample: the corpus is built again and searched', async () => {
    const { entries, exclusions } = await buildCorpus()
    expect(exclusions).toEqual(JSON.parse(await read('exclusions.json')))
    const texts = new Set(entries.flatMap((entry) => [entry.definition, ...entry.examples].map(normal)))
    const validation = (await semanticFieldsRows()).filter(({ split }) => split === 'validation')
    expect(validation.filter(({ cells }) => texts.has(normal(cells.text)))).toEqual([])
    expect(texts.size).toBeGreaterThan(100_000)
  })
})

describe('with 200 labelled rows', () => {
  let home = ''
  let datasetFile = ''

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'starter-'))
    datasetFile = join(home, 'few.dataset')
    const rows = await semanticFieldsRows()
    const some = (split: string, count: number) =>
      shuffle(
        rows.filter((row) => row.split === split),
        seededRandom(1),
      ).slice(0, count)
    const [train, validation] = [join(home, 'train.jsonl'), join(home, 'validation.jsonl')]
    await write(train, some('train', 200))
    await write(validation, some('validation', 600))
    await runTask({
      kind: 'import',
      source: { kind: 'splits', train, validation },
      split: null,
      outputFile: datasetFile,
    })
  })
  afterAll(() => rm(home, { recursive: true }))

  async function write(file: string, rows: readonly SemanticFieldsRow[]): Promise<void> {
    await writeFile(file, rows.map(({ cells }) => `${JSON.stringify(cells)}\n`).join(''))
  }

  async function accuracyFrom(name: string, model: unknown, modelDir: string | null): Promise<number> {
    const config = parseRunConfig({
      task: 'sequence-classification',
      model,
      dataset: { version: 'few' },
      tokenizer: folder,
      max_length: 32,
      learning_rate: 5e-4,
      per_device_train_batch_size: 16,
      num_train_epochs: 6,
      eval_strategy: 'steps',
      eval_steps: 78,
      save_strategy: 'no',
      num_threads: 1,
    })
    const paths = { datasetFile, runDir: join(home, name), cacheDir: join(home, 'cache') }
    const started = startTask({
      kind: 'run',
      runId: name as RunId,
      config,
      ...paths,
      modelDir,
      resumeFrom: [],
      isTrial: false,
    })
    expect(await started.result).toEqual({ state: 'completed' })
    const end = started.events.find((event) => event.event === 'end')
    return end!.metrics.accuracy!
  }

  it('is far better than the same encoder from random weights', async () => {
    const { model_type, ...config } = JSON.parse(await read('config.json')) as Record<string, unknown>
    for (const field of ['architectures', 'dtype']) Reflect.deleteProperty(config, field)
    const starter = await accuracyFrom('starter', { starter: DEFAULT_STARTER }, folder)
    const random = await accuracyFrom('random', { architecture: String(model_type), config }, null)
    expect(starter).toBeGreaterThan(0.6)
    expect(starter - random).toBeGreaterThan(0.2)
  })
})
