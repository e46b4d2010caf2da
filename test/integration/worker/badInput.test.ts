import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_ARGUMENTS, parseRunConfig } from '../../../src/shared/domain/runConfig'
import type { UserError } from '../../../src/shared/errors'
import type { RunId } from '../../../src/shared/ids'
import type { RunTask } from '../../../src/main/worker/protocol'
import { ONE_LAYER_BERT } from '../../helpers/oneLayerBert'
import { runTask, startTask } from '../../helpers/worker'

let folder = ''
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'bad-'))))
afterAll(() => rm(folder, { recursive: true }))

const good = [
  'text,label',
  ...Array.from({ length: 24 }, (_, i) => `word${i} is here,${i % 2 ? 'odd' : 'even'}`),
]

interface Setting {
  train: string[]
  validation?: string[]
  config?: Record<string, unknown>
}

/** A run on CSV lines, imported as the studio imports them. */
async function taskOn(name: string, { train, validation, config }: Setting): Promise<RunTask> {
  const dir = join(folder, name)
  const write = async (file: string, lines: string[]) => {
    await writeFile(join(folder, `${name}-${file}`), lines.join('\n'))
    return join(folder, `${name}-${file}`)
  }
  const dataset = {
    train: await write('train.csv', train),
    ...(validation && { validation: await write('validation.csv', validation) }),
  }
  const datasetFile = `${dir}.dataset`
  await runTask({
    kind: 'import',
    source: { kind: 'splits', ...dataset },
    split: null,
    outputFile: datasetFile,
  })
  return {
    kind: 'run',
    runId: name as RunId,
    config: parseRunConfig({
      task: 'sequence-classification',
      model: { architecture: 'bert', config: ONE_LAYER_BERT },
      dataset,
      vocab_size: 100,
      max_length: 16,
      max_steps: 6,
      save_strategy: 'steps',
      save_steps: 2,
      num_threads: 1,
      ...config,
    }),
    datasetFile,
    runDir: dir,
    cacheDir: join(folder, 'cache'),
    modelDir: null,
    resumeFrom: [],
    isTrial: false,
  }
}

async function refusal(name: string, setting: Setting): Promise<UserError> {
  const { result } = startTask(await taskOn(name, setting))
  return result.then(
    () => Promise.reject(new Error('the run was not refused')),
    (error: unknown) => error as UserError,
  )
}

describe('a run refuses', () => {
  it('training rows of one class', async () => {
    const error = await refusal('oneClass', { train: ['text,label', 'a b,same', 'c d,same'] })
    expect(error).toMatchObject({ code: 'bad-input', where: { field: 'label' } })
    expect(error.message).toBe('All 2 training rows have the same label, "same".')
    expect(error.where?.file).toMatch(/oneClass-train\.csv$/)
  })

  it('a column that is not there', async () => {
    const error = await refusal('column', {
      train: good,
      config: { columns: { text: 'txt', label: 'label' } },
    })
    expect(error).toMatchObject({ code: 'bad-config', where: { field: 'columns.text' } })
    expect(error.message).toContain('"txt"')
    expect(error.hint).toContain('text, label')
  })

  it('a label that only the validation rows have, by file and row', async () => {
    const error = await refusal('label', {
      train: good,
      validation: ['text,label', 'one,odd', 'two,evne'],
      config: { eval_strategy: 'epoch' },
    })
    expect(error).toMatchObject({ code: 'bad-input', where: { row: 3, field: 'label' } })
    expect(error.where?.file).toMatch(/label-validation\.csv$/)
    expect(error.message).toContain('"evne"')
    expect(error.hint).toContain('"even", "odd"')
  })

  it('to evaluate without validation rows', async () => {
    const error = await refusal('validation', { train: good, config: { eval_strategy: 'epoch' } })
    expect(error).toMatchObject({ code: 'bad-input', where: { field: 'eval_strategy' } })
  })

  it('an architecture nobody built', async () => {
    const model = { architecture: 'brt', config: {} }
    expect(await refusal('architecture', { train: good, config: { model } })).toMatchObject({
      code: 'unsupported',
    })
  })
})

describe('a run on rows with gaps', () => {
  it('keeps an empty text as the reference does, leaves out a row without label and says so', async () => {
    const started = startTask(await taskOn('gaps', { train: [...good, ',odd', 'no label,'] }))
    await started.result
    const notes = started.events.flatMap((event) => (event.event === 'note' ? [event.text] : []))
    expect(notes).toContain('1 train row has nothing in the column label and was left out (row 27).')
    expect(started.events.find((event) => event.event === 'start')).toMatchObject({ train_rows: 25 })
  })
})

describe('a loss that is no number', () => {
  it('stops the run at that step and keeps the checkpoint before it', async () => {
    const task = await taskOn('nan', { train: good, config: { learning_rate: 1e30, max_grad_norm: 0 } })
    const started = startTask(task)
    const error = await started.result.then(
      () => null,
      (reason: unknown) => reason as UserError,
    )
    expect(error).toMatchObject({ code: 'diverged', where: { field: 'learning_rate' } })
    expect(error!.message).toMatch(/became (NaN|infinite) at step \d/)
    const kept = await readdir(join(task.runDir, 'checkpoints')).catch(() => [])
    const saved = started.events.filter((event) => event.event === 'checkpoint').length
    expect(kept).toHaveLength(saved)
  })
})

describe('evaluate', () => {
  it('names the row whose label the model does not know', async () => {
    const task = await taskOn('eval', { train: good })
    await runTask(task)
    const rows = [
      { text: 'word1 is here', label: 'odd' },
      { text: 'word2 is here', label: 'evn' },
    ]
    const ask = {
      kind: 'evaluate',
      modelDir: join(task.runDir, 'model'),
      batchSize: 8,
      numThreads: 1,
      settings: DEFAULT_ARGUMENTS,
    } as const
    await expect(runTask({ ...ask, rows })).rejects.toMatchObject({ code: 'bad-input', where: { row: 2 } })
    const { metrics } = await runTask({ ...ask, rows: rows.slice(0, 1) })
    const { predictions } = await runTask({ ...ask, kind: 'predict', rows: rows.slice(0, 1) })
    expect(predictions).toHaveLength(1)
    const [answer] = predictions
    if (!answer || !('label' in answer)) throw new Error('not one label')
    expect(metrics.accuracy).toBe(answer.label === 'odd' ? 1 : 0)
    expect(metrics.loss).toBeCloseTo(-Math.log(answer.scores.odd!), 5)
  })

  it('says what is wrong with a folder', async () => {
    const rows = [{ text: 'a' }]
    const ask = { kind: 'predict' as const, rows, batchSize: 8, numThreads: 1 }
    await expect(runTask({ ...ask, modelDir: join(folder, 'none') })).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(runTask({ ...ask, modelDir: folder, rows: [] })).rejects.toMatchObject({ code: 'bad-input' })
  })
})

describe('what this machine can do', () => {
  it('measures a MatMul and checks the cpu', async () => {
    expect((await runTask({ kind: 'gemm-rate', numThreads: 1 })).gflops).toBeGreaterThan(0.1)
    expect(await runTask({ kind: 'check-provider', name: 'cpu' })).toMatchObject({
      available: true,
      checked: true,
    })
  })

  it('refuses a provider that is not there, with the reason', async () => {
    const status = await runTask({ kind: 'check-provider', name: 'coreml' })
    expect(status).toMatchObject({ name: 'coreml', available: false, checked: true })
    expect(status.reason).toMatch(/^The coreml provider does not start: .+/)
  })
})
