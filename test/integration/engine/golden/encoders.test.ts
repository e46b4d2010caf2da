// Every family and task of test/golden/encoders: logits, loss, every gradient, and the Trainer's steps.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { onnxModel } from '../../../../src/main/engine/bundle/onnxModel'
import { Graph } from '../../../../src/main/engine/ir/graph'
import { sizeOf } from '../../../../src/main/engine/ir/shape'
import type { HeadTask } from '../../../../src/main/engine/models/architecture'
import { MASKED_SCORE } from '../../../../src/main/engine/ops/relative'
import { openModel, type OpenModel } from '../../../../src/main/engine/models/open'
import { OBJECTIVES } from '../../../../src/main/engine/objectives/registry'
import { elements } from '../../../../src/main/engine/nn/parameter'
import { crossEntropy } from '../../../../src/main/engine/ops/loss'
import { gather, reshape } from '../../../../src/main/engine/ops/movement'
import { trainingGraph, type TrainingGraph } from '../../../../src/main/engine/passes/trainingGraph'
import { type HostTensor, Session } from '../../../../src/main/engine/runtime/session'
import type { LabelledRows } from '../../../../src/main/engine/train/rows'
import { loadPredictor } from '../../../../src/main/engine/train/predict'
import { trainRun } from '../../../../src/main/engine/train/trainRun'
import type { RunEvent } from '../../../../src/shared/domain/run'
import { parseRunConfig } from '../../../../src/shared/domain/runConfig'
import { problemOf } from '../../../../src/shared/domain/tasks'
import { RunId } from '../../../../src/shared/ids'
import { scripted } from '../train/tinyRun'
import { isKeyBias, largestDifference, readTensorFile, relativeDistance } from './fixtures'

const ENCODERS = new URL('../../../golden/encoders/', import.meta.url).pathname
const FAMILIES = ['bert', 'distilbert', 'roberta', 'electra', 'albert']

interface Golden {
  input_ids: number[][]
  attention_mask: number[][]
  token_type_ids?: number[][]
  labels: number[] | number[][]
  loss: number
  logits: unknown[]
  steps: { step: number; loss: number; grad_norm: number; learning_rate: number }[]
}

const folderOf = (family: string, task: string) => join(ENCODERS, `${family}.${task}`)

async function goldenOf(family: string, task: string): Promise<Golden> {
  return JSON.parse(await readFile(join(folderOf(family, task), 'golden.json'), 'utf8')) as Golden
}

async function opened(dir: string, task: HeadTask) {
  const model = await openModel(
    { kind: 'folder', dir },
    { objective: OBJECTIVES[problemOf({ task, problem_type: null })] },
  )
  const weights = new Map(model.model.parameters.map((spec) => [spec.name, new Float32Array(elements(spec))]))
  const notes = await model.fill((name) => weights.get(name)!, 0)
  return { model, weights, notes }
}

/** Loss over the labelled places: rows, or tokens (the trunk's vectors are gathered before a masked-lm head). */
function graphOf({ model }: OpenModel, task: HeadTask, [B, T]: [number, number], count: number): Graph {
  const graph = new Graph()
  const forward = { graph, training: true }
  const inputs = {
    ids: graph.feed('input_ids', 'int32', [B, T]),
    ...(model.encoder.typeVocabSize > 1 && { typeIds: graph.feed('token_type_ids', 'int32', [B, T]) }),
    attentionBias: graph.feed('attention_bias', 'float32', [B, 1, 1, T]),
  }
  const at = graph.feed('places', 'int32', [count])
  const hidden = model.encoder.forward(forward, inputs)
  const rows = (x: typeof hidden) => gather(reshape(x, [B * T, -1]), at)
  const logits =
    task === 'masked-lm'
      ? model.head.forward(forward, rows(hidden), inputs)
      : task === 'token-classification'
        ? rows(model.head.forward(forward, hidden, inputs))
        : model.head.forward(forward, hidden, inputs)
  const labels = graph.feed('labels', 'int32', [count])
  graph.output('logits', logits)
  graph.output('loss', crossEntropy(logits, labels, graph.feed('weights', 'float32', [count])).loss)
  return graph
}

const int32 = (shape: number[], values: number[]): HostTensor => ({
  dtype: 'int32',
  shape,
  data: Int32Array.from(values),
})

/** Places of [B·T] that have a label. */
function labelled({ labels, attention_mask }: Golden): { places: number[]; values: number[] } {
  if (typeof labels[0] === 'number')
    return { places: attention_mask.map((_, i) => i), values: labels as number[] }
  const flat = (labels as number[][]).flat()
  const places = flat.flatMap((label, i) => (label >= 0 ? [i] : []))
  return { places, values: places.map((i) => flat[i]!) }
}

/** The gradient of each parameter, those of table rows added up. */
function gradientsOf(
  { gradients, rowGradients }: TrainingGraph,
  outputs: Record<string, HostTensor>,
  feeds: Record<string, HostTensor>,
  { model }: OpenModel,
): Map<string, Float32Array> {
  const total = new Map(model.parameters.map((spec) => [spec.name, new Float32Array(elements(spec))]))
  const values = (output: string) => outputs[output]!.data as Float32Array
  for (const { param, output } of gradients) total.set(param, values(output).slice())
  for (const { param, output, at } of rowGradients) {
    const spec = model.parameters.find(({ name }) => name === param)!
    const width = spec.shape.at(-1)!
    const ids = 'ids' in at ? (feeds[at.ids]!.data as Int32Array) : undefined
    const rows = values(output)
    for (let i = 0; i < rows.length / width; i++) {
      const row = ids ? ids[i]! : (at as { start: number }).start + i
      if (row !== spec.paddingRow)
        for (let j = 0; j < width; j++) total.get(param)![row * width + j]! += rows[i * width + j]!
    }
  }
  return total
}

describe.each(FAMILIES)('%s', (family) => {
  it.each(['sequence-classification', 'token-classification', 'masked-lm'] as const)(
    'gives the logits, loss and gradients of Transformers: %s',
    async (task) => {
      const golden = await goldenOf(family, task)
      const [B, T] = [golden.input_ids.length, golden.input_ids[0]!.length]
      const { model, weights, notes } = await opened(folderOf(family, task), task)
      expect(notes).toEqual([])
      const { places, values } = labelled(golden)
      const training = trainingGraph(graphOf(model, task, [B, T], places.length))
      const mask = golden.attention_mask.flat()
      const feeds: Record<string, HostTensor> = {
        input_ids: int32([B, T], golden.input_ids.flat()),
        token_type_ids: int32([B, T], golden.token_type_ids?.flat() ?? mask.map(() => 0)),
        attention_bias: {
          dtype: 'float32',
          shape: [B, 1, 1, T],
          data: Float32Array.from(mask, (keep) => (keep ? 0 : MASKED_SCORE)),
        },
        places: int32([places.length], places),
        labels: int32([places.length], values),
        weights: {
          dtype: 'float32',
          shape: [places.length],
          data: new Float32Array(places.length).fill(1 / places.length),
        },
        ...Object.fromEntries(
          model.model.parameters.map(({ name, shape }) => [
            name,
            { dtype: 'float32' as const, shape, data: weights.get(name)! },
          ]),
        ),
      }
      const session = await Session.create(training.graph, { numThreads: 1 })
      const wanted = Object.fromEntries(
        Object.entries(feeds).filter(([name]) => session.inputNames.includes(name)),
      )
      const outputs = await session.evaluate(wanted)
      await session.release()

      const width = sizeOf(outputs['logits']!.shape) / places.length
      const logits = golden.logits.flat(task === 'sequence-classification' ? 0 : 1) as number[][]
      const expected = places.flatMap((place) => logits[place]!)
      expect(expected).toHaveLength(places.length * width)
      expect(largestDifference(outputs['logits']!.data as Float32Array, expected)).toBeLessThanOrEqual(1e-5)
      expect(Math.abs(Number(outputs['loss']!.data[0]) / golden.loss - 1)).toBeLessThanOrEqual(1e-6)

      const ours = gradientsOf(training, outputs, feeds, model)
      const reference = await readTensorFile(join(folderOf(family, task), 'gradients.safetensors'))
      expect([...reference.keys()].sort()).toEqual([...ours.keys()].sort())
      for (const [name, gradient] of reference)
        if (isKeyBias(name)) expect(largestDifference(ours.get(name)!, gradient), name).toBeLessThan(1e-6)
        else expect(relativeDistance(ours.get(name)!, gradient), name).toBeLessThanOrEqual(1e-4)
    },
  )

  it('gives the same logits as ONNX with dimensions of any size', async () => {
    const task = 'sequence-classification'
    const golden = await goldenOf(family, task)
    const { model, weights } = await opened(folderOf(family, task), task)
    const session = await Session.load(onnxModel(model.model, weights), { numThreads: 1 })
    const names = ['input_ids', 'attention_mask', ...(golden.token_type_ids ? ['token_type_ids'] : [])]
    expect([...session.inputNames].sort()).toEqual(names.sort())
    const int64 = (rows: number[][]): HostTensor => ({
      dtype: 'int64',
      shape: [rows.length, rows[0]!.length],
      data: BigInt64Array.from(rows.flat(), BigInt),
    })
    const feeds = names.map((name) => [name, int64(golden[name as 'input_ids'])] as const)
    const { logits } = await session.evaluate(Object.fromEntries(feeds))
    const expected = golden.logits.flat() as number[]
    expect(largestDifference(logits!.data as Float32Array, expected)).toBeLessThanOrEqual(1e-5)
    await session.release()
  })
})

describe.each(FAMILIES)('the Trainer on %s', (family) => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'encoders-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('takes the same twelve steps to the same weights', async () => {
    const dir = folderOf(family, 'sequence-classification')
    const golden = await goldenOf(family, 'sequence-classification')
    const kept = (table: number[][]) =>
      Int32Array.from(table.flatMap((row, r) => row.filter((_, t) => golden.attention_mask[r]![t] === 1)))
    const lengths = golden.attention_mask.map((row) => row.reduce((a, b) => a + b, 0))
    const rows: LabelledRows = {
      ids: kept(golden.input_ids),
      typeIds: golden.token_type_ids ? kept(golden.token_type_ids) : null,
      offsets: Int32Array.from([
        0,
        ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b)),
      ]),
      labels: Int32Array.from(golden.labels as number[]),
    }
    const config = parseRunConfig({
      task: 'sequence-classification',
      model: dir,
      dataset: { train: 'rows' },
      columns: { text: 'text', label: 'label' },
      learning_rate: 1e-3,
      weight_decay: 0.01,
      per_device_train_batch_size: lengths.length,
      num_train_epochs: 12,
      logging_steps: 1,
      eval_strategy: 'no',
      save_strategy: 'no',
      num_threads: 1,
    })
    const events: RunEvent[] = []
    const outputDir = join(folder, 'model')
    await trainRun(
      {
        runId: RunId.parse(family),
        config,
        origin: { kind: 'folder', dir },
        objective: OBJECTIVES['single-label'],
        labels: ['up', 'down', 'left'],
        train: rows,
        validation: null,
        outputDir,
        checkpointsDir: join(folder, 'checkpoints'),
        tokenizerFiles: {},
        facts: { data_sha256: 'data', tokenizer_sha256: 'tokenizer' },
      },
      {
        emit: (event) => events.push(event),
        signal: new AbortController().signal,
        paused: () => null,
        newScorer: scripted(() => ({})),
      },
    )
    const steps = events.filter((event) => event.event === 'step')
    expect(steps).toHaveLength(12)
    steps.forEach((step, i) => {
      const expected = golden.steps[i]!
      expect(Math.abs(step.loss / expected.loss - 1), `loss of step ${i + 1}`).toBeLessThan(1e-4)
      expect(Math.abs(step.grad_norm / expected.grad_norm - 1), `norm of step ${i + 1}`).toBeLessThan(1e-4)
    })
    const after = await loadPredictor({ kind: 'folder', dir: outputDir })
    expect(after.notes).toEqual([])
    const final = await readTensorFile(join(dir, 'final.safetensors'))
    expect(final.size).toBe(after.opened.model.parameters.length)
    for (const [name, weights] of final)
      expect(
        relativeDistance(after.predictor.parameters.get(name).values, weights),
        name,
      ).toBeLessThanOrEqual(isKeyBias(name) ? 0.05 : 1e-4)
    await after.predictor.release()
  })
})

describe.each(FAMILIES)('a folder of %s', (family) => {
  const task = 'sequence-classification'

  it('is read where it holds the trunk alone, under names without the prefix', async () => {
    const { model, weights, notes } = await opened(folderOf(family, 'base'), task)
    const stored = await readTensorFile(join(folderOf(family, 'base'), 'model.safetensors'))
    const prefix = model.model.encoder.basePrefix
    for (const { name } of model.model.encoder.parameters)
      expect(weights.get(name), name).toEqual(stored.get(name.slice(prefix.length)))
    expect(notes.join('\n')).toContain('The classifier is new')
  })

  it('is read where it holds a masked-language model, whose head is left out', async () => {
    const { model, weights, notes } = await opened(folderOf(family, 'masked-lm'), task)
    const stored = await readTensorFile(join(folderOf(family, 'masked-lm'), 'model.safetensors'))
    for (const { name } of model.model.encoder.parameters)
      expect(weights.get(name), name).toEqual(stored.get(name))
    expect(notes.join('\n')).toMatch(/The classifier is new[\s\S]*left out/)
  })
})
