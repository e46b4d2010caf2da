/** What a child process does: builds the engine's own step and times it. */
import { FEEDS, logitsGraph, lossGraph } from '../src/main/engine/models/classifierGraph'
import type { TaskModel } from '../src/main/engine/models/architecture'
import { openModel } from '../src/main/engine/models/open'
import { singleLabel } from '../src/main/engine/objectives/crossEntropy'
import { adamW } from '../src/main/engine/optim/adam'
import { clipFactor, globalNorm } from '../src/main/engine/optim/clip'
import { inferenceGraph, trainingGraph } from '../src/main/engine/passes/trainingGraph'
import { Session } from '../src/main/engine/runtime/session'
import { BatchRunner, scratchBytes } from '../src/main/engine/train/batchRunner'
import { cutIntoPieces, type Piece, type Shape } from '../src/main/engine/train/microBatches'
import { Parameters } from '../src/main/engine/train/parameters'
import { epochOrder, type LabelledRows, rowCount, rowLength } from '../src/main/engine/train/rows'
import { shapesOfRun } from '../src/main/engine/train/runShapes'
import type { StepSettings } from '../src/main/engine/train/steps'
import { ENCODER_SHAPES, measureGemmRate, measureMatMul } from '../src/main/worker/gemmRate'
import { MatMulProbe } from './matMulProbe'
import { CachedFeatures } from '../src/main/engine/train/cachedFeatures'
import { trainableTest } from '../src/main/engine/train/trainable'
import { LoraSettings, TRANSFER_DEFAULTS, type TransferSettings } from '../src/shared/domain/transfer'
import { type Case, type Mode, type Trains, type Workload, workloadNamed } from './cases'
import { flopsOf } from './flops'
import { median, peakRssBytes, type Result } from './result'
import { randomRows, readRows } from './rows'

export interface MatMulRate {
  gflops: number
  /** By shape, as `2048×384×1536`. */
  byShape: Record<string, number>
}

export async function measureMatMulRate(numThreads: number): Promise<MatMulRate> {
  const byShape: Record<string, number> = {}
  for (const shape of ENCODER_SHAPES) byShape[shape.join('×')] = await measureMatMul(shape, numThreads)
  return { gflops: await measureGemmRate(numThreads), byShape }
}

const SETTINGS = { adam_beta1: 0.9, adam_beta2: 0.999, adam_epsilon: 1e-8, weight_decay: 0, optim_args: null }
const LEARNING_RATE = 5e-5
const MAX_GRAD_NORM = 1

/** One step on one batch; tells the pieces it computed. */
const NO_SMOOTHING = { labelSmoothing: 0 }
type Step = (members: Uint32Array, step: number) => Promise<void>

export async function measureCase(oneCase: Case): Promise<Result> {
  const workload = workloadNamed(oneCase.workload)
  const { batchSize, steps } = workload
  const given = await rowsOf(workload, oneCase.rowsFile)
  const { model, rows, parameters, shapes, run } = await stepOf(oneCase, workload, given)
  const batches = batchesOf(rows, batchSize, steps * (oneCase.rounds + 1))
  const roundMs: number[] = []
  let step = 0
  const stepMsOfRound = async () => {
    const startMs = performance.now()
    for (let i = 0; i < steps; i++) await run(batches[i]!, step++)
    return (performance.now() - startMs) / steps
  }
  await stepMsOfRound() // Builds the sessions and is not counted.
  for (let round = 0; round < oneCase.rounds; round++) roundMs.push(await stepMsOfRound())
  const pieces = batches.slice(0, steps).map((members) => piecesOf(shapes, rows, members))
  const peak = peakRssBytes()
  const flopsPerStep = flopsOfPieces(oneCase.mode, model, parameters, pieces.flat()) / steps
  return {
    by: 'tunesmith',
    workload: oneCase.workload,
    mode: oneCase.mode,
    trains: oneCase.trains,
    dropout: oneCase.dropout,
    samplesPerSecond: (1000 * batchSize * roundMs.length) / roundMs.reduce((a, b) => a + b, 0),
    stepMsMin: Math.min(...roundMs),
    stepMsMedian: median(roundMs),
    tokensPerStep: pieces.flat().reduce((sum, piece) => sum + piece.rows * piece.length, 0) / steps,
    flopsPerStep,
    peakRssBytes: peak,
    matMulShare: await matMulShare(oneCase, flopsPerStep, stepMsOfRound),
  }
}

/** The step's rate over the MatMul's, each round beside its own MatMul: the median of the rounds. */
async function matMulShare(
  { numThreads, rounds }: Case,
  flopsPerStep: number,
  stepMsOfRound: () => Promise<number>,
): Promise<number> {
  const probe = await MatMulProbe.open(numThreads)
  await probe.gflops()
  const shares: number[] = []
  let before = await probe.gflops()
  for (let round = 0; round < rounds; round++) {
    const stepMs = await stepMsOfRound()
    const after = await probe.gflops()
    shares.push(flopsPerStep / stepMs / 1e6 / ((before + after) / 2))
    before = after
  }
  return median(shares)
}

interface Measured {
  model: TaskModel
  /** Those the model reads. */
  rows: LabelledRows
  parameters: Parameters
  shapes: Shape[]
  run: Step
}

/** Settings of a run that trains so much of the model. */
function transferOf(trains: Trains): TransferSettings {
  const layers: Partial<Record<Trains, number>> = { 'last 2 layers': 2, head: 0, 'head, kept features': 0 }
  return {
    ...TRANSFER_DEFAULTS,
    adapter: trains === 'lora' ? LoraSettings.parse({ type: 'lora' }) : null,
    trainable_layers: layers[trains] ?? null,
    cache_features: trains === 'head, kept features',
  }
}

async function stepOf(
  { mode, dropout, numThreads, trains }: Case,
  { config, numLabels, batchSize }: Workload,
  given: LabelledRows,
): Promise<Measured> {
  const transfer = transferOf(trains)
  const opened = await openModel(
    { kind: 'random', architecture: 'bert', config },
    {
      labels: Array.from({ length: numLabels }, (_, id) => `LABEL_${id}`),
      overrides: { hidden_dropout_prob: dropout, attention_probs_dropout_prob: dropout },
      adapter: transfer.adapter,
    },
  )
  const { objective } = opened
  const cached = transfer.cache_features
    ? new CachedFeatures(opened.model, { train: given, validation: null })
    : undefined
  const { model, rows } = cached
    ? { model: cached.model, rows: cached.train }
    : { model: opened.model, rows: given }
  const slots = mode === 'forward' ? null : mode === 'optimizer_step' ? adamW.slots(SETTINGS) : []
  const specs = cached ? [...opened.model.parameters, cached.table] : model.parameters
  const trainsOf = trainableTest(opened, transfer)
  const parameters = await Parameters.reserve(specs, {
    slots,
    scratchBytes: scratchBytes(model, rows),
    isTrainable: (name) => name !== cached?.table.name && trainsOf(name),
  })
  await opened.fill((name) => parameters.get(name).values, 42)
  await cached?.fill(parameters, { numThreads }, () => undefined)
  const shapes = shapesOfRun(rows, { ...ORDER, ...stepSettings(batchSize) }, model.encoder.maxPositions)
  if (mode === 'forward')
    return { model, rows, parameters, shapes, run: forwardStep(model, parameters, shapes, rows, numThreads) }
  const runner = await BatchRunner.create(
    { model, objective, rows, shapes, seed: 42, loss: NO_SMOOTHING, session: { numThreads } },
    parameters,
  )
  const optimizer = adamW.create(SETTINGS)
  const run: Step = async (members, step) => {
    await runner.run(rows, members, step)
    if (mode !== 'optimizer_step') return
    const gradientScale = clipFactor(globalNorm(parameters.blocks), MAX_GRAD_NORM)
    optimizer.step(parameters.blocks, { learningRate: LEARNING_RATE, step: step + 1, gradientScale })
  }
  return { model, rows, parameters, shapes, run }
}

/** Logits of a batch, cut into the same pieces. */
function forwardStep(
  model: TaskModel,
  parameters: Parameters,
  shapes: readonly Shape[],
  rows: LabelledRows,
  numThreads: number,
): Step {
  const sessions = new Map<string, Session>()
  const weights = Object.fromEntries(
    model.parameters.map(({ name, shape }) => [
      name,
      { dtype: 'float32' as const, shape, data: parameters.get(name).values },
    ]),
  )
  return async (members) => {
    for (const { rows: count, length, members: ordinals } of piecesOf(shapes, rows, members)) {
      const key = `${count}×${length}`
      let session = sessions.get(key)
      if (!session) {
        const graph = inferenceGraph(logitsGraph(model, { rows: count, length, hasTypes: false }))
        sessions.set(key, (session = await Session.create(graph, { numThreads, keepMemory: true })))
      }
      const ids = new Int32Array(count * length)
      const bias = new Float32Array(count * length)
      ordinals.forEach((ordinal, i) => {
        const row = members[ordinal]!
        ids.set(rows.ids.subarray(rows.offsets[row], rows.offsets[row + 1]), i * length)
        bias.fill(-1e9, i * length + rowLength(rows, row), (i + 1) * length)
      })
      await session.evaluate({
        ...weights,
        [FEEDS.ids]: { dtype: 'int32', shape: [count, length], data: ids },
        [FEEDS.bias]: { dtype: 'float32', shape: [count, 1, 1, length], data: bias },
      })
    }
  }
}

async function rowsOf(
  { rows, config, numLabels, batchSize }: Workload,
  file: string | null,
): Promise<LabelledRows> {
  if ('length' in rows) return randomRows(4 * batchSize, rows.length, Number(config['vocab_size']), numLabels)
  return readRows(file!)
}

const ORDER = { seed: 42, data_seed: null, train_sampling_strategy: 'random' as const }

function stepSettings(batchSize: number): StepSettings {
  return {
    per_device_train_batch_size: batchSize,
    gradient_accumulation_steps: 1,
    dataloader_drop_last: true,
    num_train_epochs: 1,
    max_steps: -1,
  }
}

/** Batches as a run draws them, from as many epochs as it takes. */
function batchesOf(rows: LabelledRows, size: number, count: number): Uint32Array[] {
  const batches: Uint32Array[] = []
  for (let epoch = 0; batches.length < count; epoch++) {
    const order = epochOrder(rowCount(rows), epoch, ORDER)
    for (let at = 0; at + size <= order.length; at += size) batches.push(order.subarray(at, at + size))
  }
  return batches
}

function piecesOf(shapes: readonly Shape[], rows: LabelledRows, members: Uint32Array): Piece[] {
  return cutIntoPieces(
    Array.from(members, (row) => rowLength(rows, row)),
    shapes,
  )
}

function flopsOfPieces(
  mode: Mode,
  model: TaskModel,
  parameters: Parameters,
  pieces: readonly Piece[],
): number {
  const known = new Map<string, number>()
  return pieces.reduce((sum, { rows, length }) => {
    const key = `${rows}×${length}`
    let flops = known.get(key)
    if (flops === undefined) {
      const shape = { rows, length, hasTypes: false }
      const graph =
        mode === 'forward'
          ? inferenceGraph(logitsGraph(model, shape))
          : trainingGraph(lossGraph(model, singleLabel, shape, NO_SMOOTHING), {
              accumulate: true,
              isTrained: (name) => parameters.isTrained(name),
            }).graph
      known.set(key, (flops = flopsOf(graph)))
    }
    return sum + flops
  }, 0)
}
