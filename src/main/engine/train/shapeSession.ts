/**
 * One training session for one batch shape: the loss and its gradients, bound to the parameters' own memory.
 * Dense gradients are added to what lies there; gradients of table rows are added by a kernel afterwards.
 */
import type { HostArray } from '../ir/dtype'
import { sizeOf, staticShape } from '../ir/shape'
import { invariant } from '../../../shared/errors'
import type { Kernels, Pointer } from '../kernels/memory'
import { FEEDS, lossGraph } from '../models/classifierGraph'
import type { TaskModel } from '../models/architecture'
import { UPDATE_PREFIX } from '../nn/layer'
import type { LossSettings, Objective } from '../objectives/objective'
import { trainingGraph, type RowGradientOutput, type TrainingGraph } from '../passes/trainingGraph'
import { nameKey } from '../random/stream'
import type { Binding, HostTensor } from '../runtime/session'
import type { PooledSession, SessionPool } from '../runtime/sessionPool'
import type { Parameters } from './parameters'
import type { PieceAnswer, TokenFeeds } from './feeds'
import type { Scratch } from './scratch'

export interface ShapeKey {
  rows: number
  length: number
  hasTypes: boolean
  /** Answers, where they are wanted of single tokens; else one a row. */
  places?: number
  /** Whether noise is drawn for the embeddings of the words. */
  hasNoise: boolean
  /** Whether rows are mixed before the head. */
  isMixed?: boolean
}

export interface ShapeSettings {
  model: TaskModel
  objective: Objective
  parameters: Parameters
  loss: LossSettings
  sessions: SessionPool
}

/** Arrays of one batch, in the shape's size; see FEEDS. */
export interface BatchFeeds extends TokenFeeds {
  places: Int32Array | undefined
  labels: Int32Array | Float32Array
  weights: Float32Array
  /** Of mixup: shares [rows,rows], labels and weights of the rows mixed in. */
  mixed?: { shares: Float32Array; labels: Int32Array | Float32Array; weights: Float32Array }
}

function batchFeeds(
  { rows, length, hasTypes, places, isMixed = false }: ShapeKey,
  { objective, model }: ShapeSettings,
  scratch: Scratch,
): BatchFeeds {
  const answers = places ?? rows
  const labelCount = objective.labels
    .shape(answers, model.numLabels)
    .reduce<number>((n, d) => n * Number(d), 1)
  const newLabels = () =>
    objective.labels.dtype === 'int32' ? new Int32Array(labelCount) : new Float32Array(labelCount)
  return {
    ids: scratch.ids(rows * length),
    types: hasTypes ? scratch.types(rows * length) : undefined,
    bias: new Float32Array(rows * length),
    places: places === undefined ? undefined : new Int32Array(places),
    labels: newLabels(),
    weights: new Float32Array(answers),
    ...(isMixed && {
      mixed: {
        shares: new Float32Array(rows * rows),
        labels: newLabels(),
        weights: new Float32Array(answers),
      },
    }),
  }
}

/** More than any row has: makes one number of a row and a position. */
const MOST_POSITIONS = 65_536

/** A bool mask input seen as lines: [rows, outer, inner, width]. */
interface MaskInput {
  /** Lines are of single answers, not of rows: drawn by row and position, whatever else is in the piece. */
  isByAnswer: boolean
  at: Pointer
  outer: number
  inner: number
  width: number
  key: number
  threshold: number
}

export class ShapeSession {
  readonly #shape: ShapeKey
  readonly #parameters: Parameters
  readonly #scratch: Scratch
  readonly #binding: Binding
  readonly #rowGradients: readonly RowGradientOutput[]
  readonly #rowsAt = new Map<string, Pointer>()
  readonly #masks: readonly MaskInput[]
  readonly #noise: { at: Pointer; width: number } | undefined
  /** Buffers as they are after a run, by parameter name. */
  readonly updates = new Map<string, Float32Array>()
  /** What the caller fills before a run. */
  readonly feeds: BatchFeeds
  readonly #loss = new Float32Array(1)

  private constructor(
    shape: ShapeKey,
    settings: ShapeSettings,
    scratch: Scratch,
    graph: TrainingGraph,
    { session, constants }: PooledSession,
  ) {
    this.#shape = shape
    this.#parameters = settings.parameters
    this.#scratch = scratch
    this.#rowGradients = graph.rowGradients
    const inputs: Record<string, HostTensor> = { ...constants }
    const outputs: Record<string, HostTensor> = { loss: { dtype: 'float32', shape: [], data: this.#loss } }
    const masks: MaskInput[] = []
    let noiseAt: { at: Pointer; width: number } | undefined
    scratch.begin()
    this.feeds = batchFeeds(shape, settings, scratch)
    const arrays: Record<string, HostArray | undefined> = {
      [FEEDS.ids]: this.feeds.ids,
      [FEEDS.types]: this.feeds.types,
      [FEEDS.bias]: this.feeds.bias,
      [FEEDS.places]: this.feeds.places,
      [FEEDS.labels]: this.feeds.labels,
      [FEEDS.weights]: this.feeds.weights,
      [FEEDS.mixing]: this.feeds.mixed?.shares,
      [FEEDS.partnerLabels]: this.feeds.mixed?.labels,
      [FEEDS.partnerWeights]: this.feeds.mixed?.weights,
    }
    for (const { name, role, value, dropProbability } of graph.graph.inputs.values()) {
      const dims = value.shape as number[]
      const { dtype } = value
      if (role === 'param') inputs[name] = { dtype, shape: dims, data: settings.parameters.get(name).values }
      else if (name === FEEDS.noise) {
        const noise = scratch.noise(dims)
        inputs[name] = { dtype, shape: dims, data: noise.values }
        noiseAt = { at: noise.at, width: dims[2]! }
      } else if (role === 'feed') inputs[name] = { dtype, shape: dims, data: arrays[name]! }
      else if (role === 'mask') {
        const mask = scratch.mask(dims)
        inputs[name] = { dtype, shape: dims, data: mask.bytes }
        masks.push({
          isByAnswer: shape.places !== undefined && dims.length === 2,
          at: mask.at,
          ...lines(dims),
          key: nameKey(name),
          threshold: Math.round(dropProbability! * 65_536),
        })
      }
    }
    for (const { param, output, shape: dims } of graph.gradients) {
      const data = settings.parameters.gradient(param)
      const tensor: HostTensor = { dtype: 'float32', shape: dims, data }
      outputs[output] = tensor
      inputs[`sum.${param}`] = tensor
    }
    for (const { output, shape: dims } of graph.rowGradients) {
      if (output in outputs) continue
      const rows = scratch.float32(dims)
      this.#rowsAt.set(output, rows.at)
      outputs[output] = { dtype: 'float32', shape: dims, data: rows.values }
    }
    for (const [output, { shape: dims }] of graph.graph.outputs) {
      if (!output.startsWith(UPDATE_PREFIX)) continue
      const data = new Float32Array(sizeOf(dims))
      outputs[output] = { dtype: 'float32', shape: staticShape(dims), data }
      this.updates.set(output.slice(UPDATE_PREFIX.length), data)
    }
    this.#masks = masks
    this.#noise = noiseAt
    this.#binding = session.bind(inputs, outputs)
  }

  static async create(shape: ShapeKey, settings: ShapeSettings, scratch: Scratch): Promise<ShapeSession> {
    const forward = lossGraph(settings.model, settings.objective, shape, settings.loss)
    const graph = trainingGraph(forward, {
      accumulate: true,
      isTrained: (name) => settings.parameters.isTrained(name),
    })
    return new ShapeSession(shape, settings, scratch, graph, await settings.sessions.sessionFor(graph.graph))
  }

  /** Draws the dropout masks of this piece: rows are known by their place in the whole batch. */
  drawMasks(ordinals: readonly number[], answers: readonly PieceAnswer[], stepKey: number): void {
    if (this.#masks.length === 0) return
    const { rows, length, places = 0 } = this.#shape
    const rowsAt = this.#scratch.ordinals(ordinals, rows)
    const byAnswer = answers.map(({ row, place }) => ordinals[row]! * MOST_POSITIONS + (place % length))
    const answersAt = this.#scratch.answerOrdinals(places > 0 ? byAnswer : [], places)
    const { kernels } = this.#scratch.maskArena
    for (const mask of this.#masks)
      kernels.dropoutMask(
        mask.at,
        mask.isByAnswer ? answersAt : rowsAt,
        mask.isByAnswer ? places : rows,
        mask.outer,
        mask.inner,
        mask.width,
        stepKey,
        mask.key,
        mask.threshold,
      )
  }

  /** Draws the noise of this piece: as the masks, by the rows' places in the batch; `scales` one a row. */
  drawNoise(ordinals: readonly number[], scales: readonly number[], key: number): void {
    if (!this.#noise) return
    const { rows, length } = this.#shape
    const { at, width } = this.#noise
    const rowsAt = this.#scratch.ordinals(ordinals, rows)
    const scalesAt = this.#scratch.scales(scales, rows)
    this.#scratch.maskArena.kernels.uniformNoise(
      at,
      rowsAt,
      scalesAt,
      rows,
      length,
      width,
      key,
      nameKey(FEEDS.noise),
    )
  }

  /** Runs, adds the gradients of table rows to their tables, and returns the weighted loss. */
  async run(): Promise<number> {
    await this.#binding.run()
    const { kernels } = this.#scratch.rowArena
    for (const gradient of this.#rowGradients) this.#addRows(kernels, gradient)
    return this.#loss[0]!
  }

  #addRows(kernels: Kernels, { param, output, shape, at }: RowGradientOutput): void {
    const { spec, gradientAt, arena } = this.#parameters.get(param)
    invariant(
      gradientAt !== undefined && arena === this.#scratch.rowArena,
      `${param} lies outside the row arena`,
    )
    const rows = this.#rowsAt.get(output)!
    const width = spec.shape.at(-1)!
    const count = shape.reduce((n, dim) => n * dim, 1) / width
    if ('start' in at) kernels.add(gradientAt + at.start * width * 4, rows, count * width)
    else {
      const ids = at.ids === FEEDS.types ? this.#scratch.typesAt : this.#scratch.idsAt
      kernels.addRows(gradientAt, rows, ids, count, width, spec.paddingRow ?? -1)
    }
  }
}

/** [B,A,Q,T]: lines (a,q) of T; [B,T,H]: lines t of H; [B,H]: one line. */
function lines(dims: readonly number[]): { outer: number; inner: number; width: number } {
  invariant(dims.length >= 2 && dims.length <= 4, `a mask of ${dims.length} axes`)
  return {
    outer: dims.length === 4 ? dims[1]! : 1,
    inner: dims.length > 2 ? dims.at(-2)! : 1,
    width: dims.at(-1)!,
  }
}
