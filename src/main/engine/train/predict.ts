/** A model that is only run forward: logits of encoded rows, in pieces by length. */
import type { HostTensor } from '../runtime/session'
import type { TaskModel } from '../models/architecture'
import { FEEDS, logitsGraph, MASKED_SCORE } from '../models/classifierGraph'
import { type ModelOrigin, openModel, type OpenModel, type OpenOptions } from '../models/open'
import { inferenceGraph } from '../passes/trainingGraph'
import type { Binding, SessionOptions } from '../runtime/session'
import { SessionPool } from '../runtime/sessionPool'
import { cutIntoPieces, forwardShapes, type Piece } from './microBatches'
import { Parameters } from './parameters'
import { checkRows, rowCount, rowLength, type TokenRows } from './rows'

const KEPT_SHAPES = 16

interface ForwardShape {
  binding: Binding
  ids: Int32Array
  types: Int32Array | undefined
  bias: Float32Array
  logits: Float32Array
}

export class Predictor {
  readonly #sessions: SessionPool
  readonly #shapes = new Map<string, ForwardShape>()

  constructor(
    readonly model: TaskModel,
    readonly parameters: Parameters,
    options: SessionOptions,
  ) {
    this.#sessions = new SessionPool(options)
  }

  /**
   * Logits [rows,C] in the order of the rows.
   * @throws UserError where rows do not fit the model; what `onPiece` throws.
   */
  async logits(
    rows: TokenRows,
    onPiece: (doneRows: number) => void = () => undefined,
  ): Promise<Float32Array> {
    checkRows(rows, this.model.encoder, 'given')
    const classes = this.model.numLabels
    const result = new Float32Array(rowCount(rows) * classes)
    const lengths = Array.from({ length: rowCount(rows) }, (_, row) => rowLength(rows, row))
    let done = 0
    for (const piece of cutIntoPieces(lengths, forwardShapes(lengths, this.model.encoder.maxPositions))) {
      const forward = await this.#shapeFor(piece, rows.typeIds !== null)
      this.#fill(forward, piece, rows)
      await forward.binding.run()
      piece.members.forEach((row, i) =>
        result.set(forward.logits.subarray(i * classes, (i + 1) * classes), row * classes),
      )
      done += piece.members.length
      onPiece(done)
    }
    return result
  }

  #fill({ ids, types, bias }: ForwardShape, piece: Piece, rows: TokenRows): void {
    ids.fill(this.model.encoder.padTokenId)
    types?.fill(0)
    bias.fill(MASKED_SCORE)
    for (let i = 0; i < piece.rows; i++) bias[i * piece.length] = 0
    piece.members.forEach((row, i) => {
      const [from, to] = [rows.offsets[row]!, rows.offsets[row + 1]!]
      ids.set(rows.ids.subarray(from, to), i * piece.length)
      if (types && rows.typeIds) types.set(rows.typeIds.subarray(from, to), i * piece.length)
      bias.fill(0, i * piece.length, i * piece.length + to - from)
    })
  }

  async #shapeFor({ rows, length }: Piece, hasTypes: boolean): Promise<ForwardShape> {
    const key = `${rows}×${length}×${hasTypes}`
    let found = this.#shapes.get(key)
    this.#shapes.delete(key)
    found ??= await this.#create(rows, length, hasTypes)
    this.#shapes.set(key, found)
    if (this.#shapes.size > KEPT_SHAPES) this.#shapes.delete(this.#shapes.keys().next().value!)
    return found
  }

  async #create(rows: number, length: number, hasTypes: boolean): Promise<ForwardShape> {
    const graph = inferenceGraph(logitsGraph(this.model, { rows, length, hasTypes }))
    const { session, constants } = await this.#sessions.sessionFor(graph)
    const ids = new Int32Array(rows * length)
    const types = hasTypes ? new Int32Array(rows * length) : undefined
    const bias = new Float32Array(rows * length)
    const logits = new Float32Array(rows * this.model.numLabels)
    const inputs: Record<string, HostTensor> = {
      ...constants,
      [FEEDS.ids]: { dtype: 'int32', shape: [rows, length], data: ids },
      [FEEDS.bias]: { dtype: 'float32', shape: [rows, 1, 1, length], data: bias },
      ...(types &&
        graph.inputs.has(FEEDS.types) && {
          [FEEDS.types]: { dtype: 'int32', shape: [rows, length], data: types },
        }),
    }
    for (const { spec, values } of this.parameters.all())
      if (graph.inputs.has(spec.name))
        inputs[spec.name] = { dtype: 'float32', shape: spec.shape, data: values }
    const output: HostTensor = { dtype: 'float32', shape: [rows, this.model.numLabels], data: logits }
    return { binding: session.bind(inputs, { logits: output }), ids, types, bias, logits }
  }

  async release(): Promise<void> {
    this.#shapes.clear()
    await this.#sessions.release()
  }
}

/** A model of its own, for evaluating and predicting outside a run. Notes say what the folder lacked. */
export async function loadPredictor(
  origin: ModelOrigin,
  options: OpenOptions & { session?: SessionOptions } = {},
): Promise<{ predictor: Predictor; opened: OpenModel; notes: string[] }> {
  const opened = await openModel(origin, options)
  const parameters = await Parameters.reserve(opened.model.parameters, { slots: null })
  const notes = await opened.fill((name) => parameters.get(name).values, 0)
  return { predictor: new Predictor(opened.model, parameters, options.session ?? {}), opened, notes }
}
