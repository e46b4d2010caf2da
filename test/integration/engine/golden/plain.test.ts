// The text CNN and the bag of embeddings against the same models in PyTorch: training and evaluation mode.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { onnxModel } from '../../../../src/main/engine/bundle/onnxModel'
import { OBJECTIVES } from '../../../../src/main/engine/objectives/registry'
import { like } from '../../../../src/main/engine/optim/optimizer'
import { openModel } from '../../../../src/main/engine/models/open'
import { Session } from '../../../../src/main/engine/runtime/session'
import { BatchRunner, scratchBytes } from '../../../../src/main/engine/train/batchRunner'
import { Parameters } from '../../../../src/main/engine/train/parameters'
import { loadPredictor } from '../../../../src/main/engine/train/predict'
import type { LabelledRows } from '../../../../src/main/engine/train/rows'
import { trainRun } from '../../../../src/main/engine/train/trainRun'
import type { RunEvent } from '../../../../src/shared/domain/run'
import { parseRunConfig } from '../../../../src/shared/domain/runConfig'
import { RunId } from '../../../../src/shared/ids'
import { accuracyScorer } from '../train/tinyRun'
import { largestDifference, readTensorFile, relativeDistance } from './fixtures'

const PLAIN = new URL('../../../golden/plain/', import.meta.url).pathname

interface Golden {
  input_ids: number[][]
  attention_mask: number[][]
  labels: number[]
  logits_before: number[][]
  losses: number[]
  logits_after: number[][]
}

function rowsOf({ input_ids, attention_mask, labels }: Golden): LabelledRows {
  const ids = input_ids.map((row, r) => row.filter((_, t) => attention_mask[r]![t] === 1))
  const offsets = [0]
  for (const row of ids) offsets.push(offsets.at(-1)! + row.length)
  return {
    ids: Int32Array.from(ids.flat()),
    typeIds: null,
    offsets: Int32Array.from(offsets),
    labels: Int32Array.from(labels),
  }
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plain-'))
})
afterAll(() => rm(folder, { recursive: true }))

function train(name: string, rows: LabelledRows, changes: object = {}) {
  const config = parseRunConfig({
    task: 'sequence-classification',
    model: join(PLAIN, name),
    dataset: { train: 'rows' },
    columns: { text: 'text', label: 'label' },
    learning_rate: 1e-2,
    lr_scheduler_type: 'constant',
    max_grad_norm: 0,
    per_device_train_batch_size: rows.labels.length,
    num_train_epochs: 12,
    logging_steps: 1,
    eval_strategy: 'no',
    save_strategy: 'no',
    num_threads: 1,
    ...changes,
  })
  const events: RunEvent[] = []
  const outputDir = join(folder, name)
  const spec = {
    runId: RunId.parse(name),
    config,
    origin: { kind: 'folder' as const, dir: join(PLAIN, name) },
    objective: OBJECTIVES['single-label'],
    labels: ['up', 'down', 'left'],
    train: rows,
    validation: null,
    outputDir,
    checkpointsDir: join(folder, `${name}-checkpoints`),
    tokenizerFiles: {},
    facts: { data_sha256: 'data', tokenizer_sha256: 'tokenizer' },
  }
  const run = (resumeFrom?: string, signal = new AbortController().signal) =>
    trainRun(
      { ...spec, ...(resumeFrom !== undefined && { resumeFrom }) },
      {
        emit: (event) => events.push(event),
        signal,
        paused: () => null,
        newScorer: () => accuracyScorer(rows),
      },
    )
  return { run, events, outputDir }
}

describe.each(['text-cnn', 'bag-of-embeddings'])('%s', (name) => {
  const dir = join(PLAIN, name)
  const golden = async () => JSON.parse(await readFile(join(dir, 'golden.json'), 'utf8')) as Golden

  it('gives the logits of PyTorch in evaluation mode, and so does its ONNX file', async () => {
    const expected = await golden()
    const { predictor, opened, notes } = await loadPredictor({ kind: 'folder', dir })
    expect(notes).toEqual([])
    const logits = await predictor.logits(rowsOf(expected))
    expect(largestDifference(logits, expected.logits_before.flat())).toBeLessThanOrEqual(1e-5)
    const weights = new Map(predictor.parameters.all().map(({ spec, values }) => [spec.name, values]))
    const session = await Session.load(onnxModel(opened.model, weights), { numThreads: 1 })
    const int64 = (rows: number[][]) => ({
      dtype: 'int64' as const,
      shape: [rows.length, rows[0]!.length],
      data: BigInt64Array.from(rows.flat(), BigInt),
    })
    const { logits: exported } = await session.evaluate({
      input_ids: int64(expected.input_ids),
      attention_mask: int64(expected.attention_mask),
    })
    expect(
      largestDifference(exported!.data as Float32Array, expected.logits_before.flat()),
    ).toBeLessThanOrEqual(1e-5)
    await session.release()
    await predictor.release()
  })

  it('gives the loss and gradients of PyTorch, whatever the shapes of pieces', async () => {
    const expected = await golden()
    const rows = rowsOf(expected)
    const opened = await openModel({ kind: 'folder', dir })
    const { model } = opened
    const parameters = await Parameters.reserve(model.parameters, {
      slots: [like('m'), like('v')],
      scratchBytes: scratchBytes(model, rows, rows.labels.length),
    })
    await opened.fill((parameter) => parameters.get(parameter).values, 0)
    const runner = await BatchRunner.create(
      {
        model,
        rows,
        batchRows: rows.labels.length,
        shapes: [{ rows: 2, length: 12 }],
        seed: 1,
        objective: OBJECTIVES['single-label'],
        loss: { labelSmoothing: 0 },
        session: { numThreads: 1 },
      },
      parameters,
    )
    const { loss } = await runner.run(rows, [0, 1, 2, 3, 4, 5], 0)
    expect(Math.abs(loss / expected.losses[0]! - 1)).toBeLessThanOrEqual(1e-6)
    const gradients = await readTensorFile(join(dir, 'gradients.safetensors'))
    for (const [parameter, gradient] of gradients) {
      const ours = parameters.gradient(parameter)
      expect(relativeDistance(ours, gradient), parameter).toBeLessThanOrEqual(1e-4)
    }
    await runner.release()
  })

  it('takes the same twelve steps to the same weights and running statistics', async () => {
    const expected = await golden()
    const rows = rowsOf(expected)
    const { run, events, outputDir } = train(name, rows)
    await run()
    const steps = events.filter((event) => event.event === 'step')
    steps.forEach(({ loss }, i) =>
      expect(Math.abs(loss / expected.losses[i]! - 1), `loss of step ${i + 1}`).toBeLessThan(1e-4),
    )
    expect(steps).toHaveLength(12)
    const { predictor, notes } = await loadPredictor({ kind: 'folder', dir: outputDir })
    expect(notes).toEqual([])
    const final = await readTensorFile(join(dir, 'final.safetensors'))
    expect([...final.keys()].sort()).toEqual(
      predictor.parameters
        .all()
        .map(({ spec }) => spec.name)
        .sort(),
    )
    for (const [parameter, weights] of final) {
      const distance = relativeDistance(predictor.parameters.get(parameter).values, weights)
      expect(distance, parameter).toBeLessThanOrEqual(1e-4)
    }
    const logits = await predictor.logits(rows)
    expect(largestDifference(logits, expected.logits_after.flat())).toBeLessThan(1e-3)
    await predictor.release()
  })
})

describe('batch normalisation', () => {
  it('is refused where a batch has one row', async () => {
    const rows = rowsOf(JSON.parse(await readFile(join(PLAIN, 'text-cnn', 'golden.json'), 'utf8')) as Golden)
    const { run } = train('text-cnn', rows, { per_device_train_batch_size: 5 })
    await expect(run()).rejects.toThrow('at least two rows')
  })

  it('goes on from a checkpoint with the same bits', async () => {
    const rows = rowsOf(JSON.parse(await readFile(join(PLAIN, 'text-cnn', 'golden.json'), 'utf8')) as Golden)
    const settings = {
      per_device_train_batch_size: 3,
      num_train_epochs: 4,
      save_strategy: 'steps',
      save_steps: 3,
      config_overrides: { dropout: 0.3 },
    }
    const { run, outputDir } = train('text-cnn', rows, settings)
    await run()
    const whole = await readTensorFile(join(outputDir, 'model.safetensors'))
    await run(join(folder, 'text-cnn-checkpoints', 'checkpoint-3'))
    const resumed = await readTensorFile(join(outputDir, 'model.safetensors'))
    expect(resumed).toEqual(whole)
    expect(whole.get('batch_norm.running_mean')).not.toEqual(
      (await readTensorFile(join(PLAIN, 'text-cnn', 'model.safetensors'))).get('batch_norm.running_mean'),
    )
  })
})
