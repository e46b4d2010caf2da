/** Augmentation through the services: the preview of a recipe, and a job that is cancelled half way. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createServices, type Services } from '../../../src/main/services/create'
import { nodeHost } from '../../../src/main/worker/nodeHost'
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
    // A preview is the beginning of the whole: the same copies of the same rows.
    const { found } = await services.augment.apply(version.id, recipe).finished
    expect(found.version).toMatchObject({ number: 2, datasetId: version.datasetId })
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
