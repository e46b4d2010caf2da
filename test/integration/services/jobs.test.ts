/** Jobs and datasets: progress, cancel, failure and death of a worker, and what is left behind. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JobId } from '../../../src/shared/ids'
import { runNamed } from './configs'
import { studio, until } from './studio'

const text = (content: string) => ({ kind: 'text', text: content }) as const

describe('a job', () => {
  it('shows what it made', async () => {
    const { datasets, jobs } = studio()
    const { id, finished } = datasets.import(text('a,b'), 'letters', null)
    expect(jobs.find(id)).toMatchObject({ kind: 'import', state: 'running', title: 'Import Pasted rows' })
    const { version } = await finished
    expect(jobs.find(id)).toMatchObject({
      state: 'done',
      result: { dataset: version.datasetId, version: version.id },
    })
    jobs.dismiss(id)
    expect(jobs.list()).toEqual([])
  })

  it('shows progress and can be cancelled, leaving nothing', async () => {
    const { datasets, jobs, home } = studio()
    const { id, finished } = datasets.import(text('slow'), null, null)
    await until(() => jobs.find(id)!.done > 0, 'there is progress')
    expect(jobs.find(id)).toMatchObject({ total: 1000, unit: 'rows' })
    jobs.cancel(id)
    await expect(finished).rejects.toMatchObject({ code: 'cancelled' })
    expect([jobs.find(id)!.state, jobs.find(id)!.error, readdirSync(home.datasets)]).toEqual([
      'cancelled',
      null,
      [],
    ])
  })

  it('fails with the worker’s sentence', async () => {
    const { datasets, jobs } = studio()
    const { id, finished } = datasets.import(text('broken'), null, null)
    await expect(finished).rejects.toMatchObject({ code: 'bad-input', message: 'Row 3 is broken.' })
    expect(jobs.find(id)).toMatchObject({ state: 'failed', error: { code: 'bad-input' } })
  })

  it('fails when its worker is killed, and the next one works', async () => {
    const { datasets, jobs } = studio()
    const { id, finished } = datasets.import(text('dies'), null, null)
    await expect(finished).rejects.toMatchObject({ code: 'environment' })
    expect(jobs.find(id)!.state).toBe('failed')
    expect((await datasets.import(text('a,b'), null, null).finished).name).toBe('Pasted rows')
  })

  it('that is unknown cannot be cancelled', () => {
    expect(() => studio().jobs.cancel('none' as JobId)).toThrow(/does not exist/)
  })

  it('of a closed studio is cancelled', async () => {
    const first = studio()
    const { id, finished } = first.datasets.import(text('slow'), null, null)
    finished.catch(() => undefined)
    await until(() => first.jobs.find(id)!.done > 0, 'there is progress')
    await first.close()
    expect(studio({ home: first.home.root }).jobs.find(id)!.state).toBe('cancelled')
  })
})

describe('datasets', () => {
  it('are imported once however often they are asked for', async () => {
    const { datasets } = studio()
    const first = await datasets.resolve({ sample: 'semantic-fields' })
    const again = await datasets.import({ kind: 'sample', name: 'semantic-fields' }, null, null).finished
    const other = await datasets.import(text('a,b'), 'one', null).finished
    const same = await datasets.import(text('a,b'), 'two', null).finished
    expect([again.version.id, same.version.id]).toEqual([first.version.id, other.version.id])
    expect(datasets.list()).toHaveLength(2)
  })

  it('are profiled, and their roles completed', async () => {
    const { datasets } = studio()
    const { version } = await datasets.resolve({ sample: 'semantic-fields' })
    const profile = datasets.profile(version.id)
    expect(profile.columns.map((column) => column.suggestedRole)).toEqual(['text', 'label'])
  })

  it('in use cannot be deleted; deleted ones free their file and block resuming', async () => {
    const services = studio()
    const { datasets, runs } = services
    const found = await datasets.resolve({ sample: 'semantic-fields' })
    const id = await runs.start(runNamed('long'))
    await until(() => runs.show(id).step > 2, 'it trains')
    await expect(datasets.delete(found.version.datasetId)).rejects.toMatchObject({ code: 'conflict' })
    runs.cancel(id)
    await runs.ended(id)
    expect(await datasets.delete(found.version.datasetId)).toEqual({ freedBytes: 6 })
    expect([existsSync(datasets.fileOf(found)), datasets.list(), runs.show(id).datasetName]).toEqual([
      false,
      [],
      'Semantic fields',
    ])
    expect(() => runs.resume(id)).toThrow(/was deleted/)
  })

  it('that do not suit a run are refused before it exists', async () => {
    const { runs, datasets } = studio()
    await datasets.resolve({ sample: 'semantic-fields' })
    const config = runNamed('completes', { columns: { text: 'txt', label: 'label' } })
    expect(runs.check(config).problems).toMatchObject([
      { where: { field: 'columns.text' }, hint: 'Did you mean text?', fixes: [{ label: 'Use text' }] },
    ])
    await expect(runs.start(config)).rejects.toMatchObject({ code: 'bad-input' })
    expect(runs.list()).toEqual([])
  })
})

describe('models', () => {
  it('of runs are exported once a folder, and found again', async () => {
    const { runs, models, home } = studio()
    const id = await runs.start(runNamed('completes'))
    await runs.ended(id)
    const bundle = await models.exportBundle(id, null).finished
    expect(models.bundles()).toMatchObject([{ path: join(home.bundles, 'completes-1'), runId: id }])
    expect(() => models.exportBundle(id, bundle.path)).toThrow(/not empty/)
    expect((await models.exportBundle(id, null).finished).path).toBe(join(home.bundles, 'completes-1-2'))
    expect(models.find('1')).toMatchObject({ name: 'completes', run: id })
    expect(models.find(runs.show(id).checkpoints.find((one) => one.step === 20)!.id)).toBeDefined()
  })

  it('in pickle files are refused, safetensors named', () => {
    const { models, home } = studio()
    writeFileSync(join(home.cache, 'config.json'), '{}')
    writeFileSync(join(home.cache, 'pytorch_model.bin'), '')
    expect(() => models.find(home.cache)).toThrow(/pytorch_model\.bin is a pickle/)
    expect(() => models.find(join(home.root, 'absent'))).toThrow(/neither a folder nor a run/)
  })
})

describe('settings', () => {
  it('are kept, and fall back where what is stored makes no sense', () => {
    const { settings } = studio()
    expect(settings.save({ theme: 'dark' })).toMatchObject({ theme: 'dark', onCloseWhileTraining: 'ask' })
    expect(settings.read().theme).toBe('dark')
  })
})
