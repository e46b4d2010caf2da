import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src/shared/domain/run'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'
import type { RunId } from '../../../src/shared/ids'
import type { RunTask } from '../../../src/main/worker/protocol'
import { runTask, startTask } from '../../helpers/worker'

let folder = ''
let datasetFile = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-'))
  datasetFile = join(folder, 'fields.dataset')
})
afterAll(() => rm(folder, { recursive: true }))

/** A small encoder, few steps; dropout on, so that a resume must draw the masks again. */
const config = parseRunConfig({
  task: 'sequence-classification',
  model: {
    architecture: 'bert',
    config: { hidden_size: 32, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 64 },
  },
  dataset: { sample: 'semantic-fields' },
  vocab_size: 1000,
  max_length: 32,
  learning_rate: 2e-3,
  per_device_train_batch_size: 16,
  max_steps: 60,
  logging_steps: 10,
  eval_strategy: 'steps',
  eval_steps: 30,
  save_strategy: 'steps',
  save_steps: 20,
  num_threads: 1,
})

function task(name: string, changes: Partial<RunTask> = {}): RunTask {
  return {
    kind: 'run',
    runId: name as RunId,
    config,
    datasetFile,
    runDir: join(folder, name),
    cacheDir: join(folder, 'cache'),
    modelDir: null,
    resumeFrom: [],
    isTrial: false,
    ...changes,
  }
}

const weightsOf = (name: string) => readFile(join(folder, name, 'model', 'model.safetensors'))
const named = <E extends RunEvent['event']>(events: readonly RunEvent[], name: E) =>
  events.filter((event): event is Extract<RunEvent, { event: E }> => event.event === name)

describe('the sample, from import to bundle', () => {
  let events: RunEvent[] = []

  it('imports 14 thousand training rows', async () => {
    const started = startTask({
      kind: 'import',
      source: { kind: 'sample', name: 'semantic-fields' },
      split: null,
      outputFile: datasetFile,
    })
    const { rows, sha256 } = await started.result
    expect(rows.train).toBeGreaterThan(14_000)
    expect(rows.validation).toBeGreaterThan(2_300)
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(started.messages.some((message) => message.type === 'progress')).toBe(true)
  })

  it('profiles it', async () => {
    const { columns } = await runTask({ kind: 'profile', datasetFile })
    expect(columns.map(({ name, suggestedRole }) => [name, suggestedRole])).toEqual([
      ['text', 'text'],
      ['label', 'label'],
    ])
  })

  it('trains, and tells what it does', async () => {
    const started = startTask(task('whole'))
    expect(await started.result).toEqual({ state: 'completed' })
    events = started.events
    const [start] = named(events, 'start')
    expect(start).toMatchObject({ total_steps: 60, num_threads: 1, provider: 'cpu' })
    expect(start!.labels).toHaveLength(12)
    const losses = named(events, 'step').map(({ loss }) => loss)
    expect(losses).toHaveLength(6)
    expect(losses.at(-1)).toBeLessThan(losses[0]!)
    expect(named(events, 'evaluate').map(({ step }) => step)).toEqual([30, 60])
    expect(named(events, 'checkpoint').map(({ kind, step }) => `${kind} ${step}`)).toEqual([
      'saved 20',
      'saved 40',
      'saved 60',
      'final 60',
    ])
  })

  it('predicts three held-out rows before the first step and at each evaluation', () => {
    const predictions = named(events, 'predictions')
    expect(predictions.map(({ step }) => step)).toEqual([0, 30, 60])
    const [first] = predictions
    expect(first!.rows).toHaveLength(3)
    expect(new Set(first!.rows.map(({ reference }) => reference)).size).toBe(3)
    for (const row of first!.rows) {
      if (!('label' in row)) throw new Error('not one label')
      const { scores, label } = row
      expect(Object.values(scores).reduce((a, b) => a + b)).toBeCloseTo(1, 9)
      expect(scores[label]).toBe(Math.max(...Object.values(scores)))
    }
    expect(events.findIndex(({ event }) => event === 'predictions')).toBeLessThan(
      events.findIndex(({ event }) => event === 'step'),
    )
  })

  it('sets baselines beside it, compared row by row, and ends with the last word', () => {
    const baselines = named(events, 'baseline')
    expect(baselines.map(({ name }) => name)).toEqual(['majority', 'bag of words'])
    const [majority, words] = baselines.map(({ metrics }) => metrics)
    expect(words!.accuracy).toBeGreaterThan(0.8)
    expect(majority!.accuracy).toBeLessThan(0.12)
    const [end] = named(events, 'end')
    expect(events.at(-1)).toBe(end)
    const rows = named(events, 'start')[0]!.validation_rows
    const difference = words!.only_model_right! - words!.only_baseline_right!
    expect(difference / rows).toBeCloseTo(end!.metrics.accuracy! - words!.accuracy!, 9)
    expect(words!.mcnemar_p).toBeLessThan(0.001)
    expect(named(events, 'note').at(-1)!.text).toMatch(/McNemar/)
  })

  it('goes on after kill -9 and ends with the same weights', async () => {
    const started = startTask(task('killed'))
    const checkpoint = await new Promise<string>((resolve) =>
      started.onEvent((event) => event.event === 'checkpoint' && event.step === 40 && resolve(event.path)),
    )
    started.worker.kill()
    await expect(started.result).rejects.toThrow('SIGKILL')
    expect(await runTask(task('killed', { resumeFrom: [checkpoint] }))).toEqual({ state: 'completed' })
    expect((await weightsOf('killed')).equals(await weightsOf('whole'))).toBe(true)
  })

  it('goes on after a cancel, and after pauses, with the same weights', async () => {
    const started = startTask(task('cancelled'))
    started.onEvent((event) => {
      if (event.event === 'step' && event.step === 10) started.worker.send({ type: 'pause' })
      if (event.event === 'state' && event.state === 'paused') started.worker.send({ type: 'unpause' })
      if (event.event === 'step' && event.step === 20) started.worker.send({ type: 'cancel' })
    })
    expect(await started.result).toEqual({ state: 'cancelled' })
    const states = named(started.events, 'state').map(({ state }) => state)
    expect(states).toEqual(['paused', 'running'])
    expect(named(started.events, 'step').at(-1)!.step).toBeLessThan(60)
    const resumeFrom = [named(started.events, 'checkpoint').at(-1)!.path]
    expect(await runTask(task('cancelled', { resumeFrom }))).toEqual({ state: 'completed' })
    expect((await weightsOf('cancelled')).equals(await weightsOf('whole'))).toBe(true)
  })

  it('exports a bundle that predicts what the run predicts', async () => {
    const [modelDir, outputDir] = [join(folder, 'whole', 'model'), join(folder, 'bundle')]
    const { parity, sizeBytes } = await runTask({
      kind: 'export',
      modelDir,
      outputDir,
      datasetFile,
      run: {
        id: 'whole' as RunId,
        name: 'Fields',
        config,
        metrics: named(events, 'end')[0]!.metrics,
        facts: {},
        log: events,
      },
    })
    expect(parity.map(({ file, passed, rows }) => [file, passed, rows])).toEqual([
      ['model.safetensors', true, 64],
      ['onnx/model.onnx', true, 64],
      ['onnx/model_quantized.onnx', true, 64],
      ['tokenizer.json', true, 64],
    ])
    expect(parity[1]!.maxAbsDiff).toBeLessThan(1e-4)
    expect(sizeBytes).toBeGreaterThan(100_000)

    const rows = ['a large dog', 'to walk slowly', 'food made of flour and water'].map((text) => ({ text }))
    const ask = (dir: string) =>
      ({ kind: 'predict', modelDir: dir, rows, batchSize: 8, numThreads: 1 }) as const
    expect(await runTask(ask(outputDir))).toEqual(await runTask(ask(modelDir)))
    const report = await runTask({ kind: 'verify', bundleDir: outputDir })
    expect(report.problems).toEqual([])
    expect(report.passed).toBe(true)
    const card = await readFile(join(outputDir, 'README.md'), 'utf8')
    expect(card).toContain('| bag of words |')
    expect(await readFile(join(outputDir, 'studio', 'train_log.jsonl'), 'utf8')).not.toContain(folder)
  })

  it('inspects the finished model', async () => {
    const model = await runTask({ kind: 'inspect', modelDir: join(folder, 'whole', 'model') })
    expect(model).toMatchObject({ architecture: 'bert', hasTokenizer: true })
    expect(model.summary).toMatch(/^bert, 1 layers? × 32, [\d.]+ k parameters$/)
    expect(model.labels).toHaveLength(12)
  })

  it('estimates a run from steps it really does', async () => {
    const estimate = await runTask({ ...task('estimate'), kind: 'estimate' })
    expect(estimate.steps).toBe(60)
    expect(estimate.seconds).toBeGreaterThan((estimate.steps * estimate.stepMs) / 1000)
    expect(estimate.peakMemoryBytes).toBeGreaterThan(5e7)
    expect(estimate.trainableParameters).toBe(named(events, 'start')[0]!.trainable_parameters)
  })
})
