/** Augmentation through the services: the preview of a recipe, and a job that is cancelled half way. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ComparisonSettings } from '../../../src/shared/domain/augmentComparison'
import { createServices, type Services } from '../../../src/main/services/create'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { ONE_LAYER_BERT } from '../../helpers/oneLayerBert'
import { temporaryFolder } from '../store/temporary'
import { until } from './studio'

let services: Services
beforeEach(() => {
  services = createServices({
    home: temporaryFolder(),
    owner: 'window',
    spawnWorker: nodeHost(),
    versions: { app: '0.0.0', electron: null },
    log: () => undefined,
  })
})
afterEach(() => services.close())

async function versionOf(rows: number) {
  const path = join(services.home.root, 'rows.csv')
  const lines = Array.from(
    { length: rows },
    (_, i) => `the old dog number ${i} walks home,${i % 4 ? 'a' : 'b'}`,
  )
  writeFileSync(path, ['text,label', ...lines].join('\n'))
  return (await services.datasets.import({ kind: 'file', path }, 'Rows', null).finished).version
}

/** Of random weights, small enough to train in a moment. */
const tiny = {
  model: { architecture: 'bert', config: { ...ONE_LAYER_BERT, max_position_embeddings: 32 } },
  vocab_size: 200,
  num_train_epochs: 2,
  num_threads: 1,
}

describe('a comparison', () => {
  const recipe = { seed: 3, copies: 2, steps: [{ augmenter: 'random_swap', parameters: { alpha: 0.3 } }] }
  const settings = (more: object = {}) => ComparisonSettings.parse({ seeds: 2, rows: 60, run: tiny, ...more })

  it('trains with and without copies by each seed, and leaves nothing but the figures', async () => {
    const version = await versionOf(200)
    const checked = services.augment.check(recipe)
    const job = services.augment.compare(version.id, checked, settings())
    const found = await job.finished
    expect(found).toMatchObject({
      metric: 'accuracy',
      same: 'steps',
      rows: 60,
      steps: 4,
      validationRows: version.rows.validation,
    })
    expect(found.seeds.map(({ seed }) => seed)).toEqual([42, 43])
    for (const pair of found.seeds) expect(pair.copies).toBeGreaterThan(60)
    const differences = found.seeds.map((pair) => pair.with - pair.without)
    expect(found.difference).toBeCloseTo((differences[0]! + differences[1]!) / 2, 12)
    const row = services.jobs.find(job.id)!
    expect(row).toMatchObject({ kind: 'augment-comparison', state: 'done', total: 16, unit: 'steps' })
    expect(JSON.parse(row.result!.comparison!)).toEqual(found)
    expect(services.runs.list()).toEqual([])
    expect(services.datasets.list()[0]!.latest.id).toBe(version.id)
    expect(readdirSync(services.home.cache).filter((name) => name.startsWith('comparison'))).toEqual([])
    // The same seeds give the same figures.
    const again = await services.augment.compare(version.id, checked, settings()).finished
    expect({ ...again, seconds: 0 }).toEqual({ ...found, seconds: 0 })
  })

  it('ends when it is cancelled, and clears up', async () => {
    const version = await versionOf(200)
    const long = settings({ run: { ...tiny, num_train_epochs: 5_000 } })
    const job = services.augment.compare(version.id, services.augment.check(recipe), long)
    await until(() => (services.jobs.find(job.id)?.done ?? 0) > 0, 'it trains')
    services.jobs.cancel(job.id)
    await expect(job.finished).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(services.home.cache).filter((name) => name.startsWith('comparison'))).toEqual([])
  })

  it('says what it lacks before anything is trained', async () => {
    const version = await versionOf(200)
    const checked = services.augment.check(recipe)
    await expect(
      services.augment.compare(version.id, checked, settings({ rows: 5_000 })).finished,
    ).rejects.toMatchObject({ code: 'bad-config', where: { field: 'rows' } })
    await expect(
      services.augment.compare(version.id, checked, settings({ run: { ...tiny, learning_rat: 1 } })).finished,
    ).rejects.toMatchObject({ where: { field: 'learning_rat' } })
  })
})

describe('augmentation', () => {
  it('shows other rows at each turn, and what the whole would be', async () => {
    const version = await versionOf(200)
    const recipe = services.augment.check({
      steps: [{ augmenter: 'synonym_replacement' }],
      copies: 3,
      balance: 'largest',
    })
    const preview = (turn: number) => services.augment.preview(version.id, recipe, 8, turn)
    const [first, second] = [await preview(0), await preview(1)]
    expect(first.examples).toHaveLength(8)
    expect(first.examples[0]).toMatchObject({ copy: 1, label: 'b' })
    expect(first.examples.some(({ diff }) => diff.some((part) => part.kind === 'in'))).toBe(true)
    expect(second.examples.map(({ row }) => row)).not.toEqual(first.examples.map(({ row }) => row))
    const [a, b] = first.report.classes
    expect(first.planned).toBe(a!.before - b!.before)
    expect(first.classes).toEqual([
      { label: 'a', before: a!.before, added: 0 },
      { label: 'b', before: b!.before, added: first.planned },
    ])
    expect(first.seconds).toBeGreaterThan(0)
    // A preview is the beginning of the whole: the same copies of the same rows.
    const { found } = await services.augment.apply(version.id, recipe).finished
    expect(found.version).toMatchObject({ number: 2, datasetId: version.datasetId })
    const [made, imported] = services.datasets.list()[0]!.versions
    expect(imported).toMatchObject({ id: version.id, kind: 'file', from: null, madeBy: null })
    expect(made).toMatchObject({ id: found.version.id, from: version.id })
    expect(made!.madeBy).toMatch(/^\d+ copies by recipe \(synonym_replacement\), seed 42$/)
    const kept = first.examples.find(({ reason }) => reason === null)!
    const text = kept.diff
      .filter(({ kind }) => kind !== 'out')
      .map((part) => part.text)
      .join('')
    const page = services.datasets.rows({
      version: found.version.id,
      offset: 0,
      limit: 5,
      split: null,
      search: text,
    })
    expect(page.rows.map(({ cells }) => cells.augmented_from)).toContain(kept.row)
  })

  it('makes the same copies with any number of threads', async () => {
    const version = await versionOf(400)
    const steps = [{ augmenter: 'eda' }, { augmenter: 'concatenation', chance: 0.3 }]
    const recipe = services.augment.check({ steps, copies: 12 })
    const { found: alone, report } = await services.augment.apply(version.id, recipe, 1).finished
    expect(report.made).toBeGreaterThan(4_096)
    expect(report.rejected['duplicate-copy']).toBeGreaterThan(0)
    const { found: together } = await services.augment.apply(version.id, recipe, 3).finished
    expect(together.version.sha256).toBe(alone.version.sha256)
  })

  it('leaves nothing when cancelled', async () => {
    const version = await versionOf(20_000)
    const recipe = services.augment.check({ steps: [{ augmenter: 'eda' }], copies: 32 })
    const files = () => readdirSync(services.home.datasets).sort()
    const before = files()
    const job = services.augment.apply(version.id, recipe)
    await until(() => (services.jobs.find(job.id)?.done ?? 0) > 0, 'it shows progress')
    expect(services.jobs.find(job.id)).toMatchObject({ total: 32 * version.rows.train, unit: 'copies' })
    services.jobs.cancel(job.id)
    await expect(job.finished).rejects.toMatchObject({ code: 'cancelled' })
    expect(services.jobs.find(job.id)!.state).toBe('cancelled')
    expect(files()).toEqual(before)
    expect(services.datasets.list()[0]!.latest.id).toBe(version.id)
  })
})
