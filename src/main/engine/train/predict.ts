/** A model that is only run forward: logits of encoded rows, in pieces by length. */
import type { HostTensor } from '../runtime/session'
import type { TaskModel } from '../models/architecture'
import { FEEDS, logitsGraph } from '../models/classifierGraph'
import { meanPoolingHead } from '../models/heads'
import { type ModelOrigin, openModel, type OpenModel, type OpenOptions } from '../models/open'
import { inferenceGraph } from '../passes/trainingGraph'
import type { Binding, SessionOptions } from '../runtime/session'
import { SessionPool } from '../runtime/sessionPool'
import { answersOfPiece, fillPlaces, fillTokens, type TokenFeeds } from './feeds'
import { answersLattice, cutIntoPieces, forwardShapes } from './microBatches'
import { Parameters } from './parameters'
import { answerCount, type AskedRows, checkRows, rowCount, rowLength } from './rows'

const KEPT_SHAPES = 16

interface ForwardShape extends TokenFeeds {
  binding: Binding
  places: Int32Array | undefined
  logits: Float32Array
}

interface ForwardKey {
  rows: number
  length: number
  hasTypes: boolean
  places?: number
}

/** Takes the logits [C] of one answer; the array is used again for the next. */
export type TakeLogits = (answer: number, logits: Float32Array) => void

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

  /** Logits [answers,C] in the order of the rows, held at once: for few answers or classes. */
  async logits(rows: AskedRows): Promise<Float32Array> {
    const classes = this.model.numLabels
    const result = new Float32Array(answerCount(rows) * classes)
    await this.run(rows, (answer, logits) => result.set(logits, answer * classes))
    return result
  }

  /**
   * Hands over the logits of every answer, in no particular order.
   * @throws UserError where rows do not fit the model; what `onPiece` throws.
   */
  async run(
    rows: AskedRows,
    take: TakeLogits,
    onPiece: (doneRows: number) => void = () => undefined,
  ): Promise<void> {
    checkRows(rows, this.model.encoder, 'given')
    const classes = this.model.numLabels
    const lengths = Array.from({ length: rowCount(rows) }, (_, row) => rowLength(rows, row))
    const rowOf = (row: number) => row
    let done = 0
    for (const piece of cutIntoPieces(lengths, forwardShapes(lengths, this.model.encoder.maxPositions))) {
      const answers = answersOfPiece(piece, rows, rowOf)
      const forward = await this.#shapeFor({
        rows: piece.rows,
        length: piece.length,
        hasTypes: rows.typeIds !== null,
        ...(rows.places && { places: answersLattice(answers.length, piece.rows * piece.length) }),
      })
      fillTokens(forward, piece, rows, rowOf, this.model.encoder.padTokenId)
      if (forward.places) fillPlaces(forward.places, answers)
      await forward.binding.run()
      answers.forEach(({ answer }, i) =>
        take(answer, forward.logits.subarray(i * classes, (i + 1) * classes)),
      )
      done += piece.members.length
      onPiece(done)
    }
  }

  async #shapeFor(shape: ForwardKey): Promise<ForwardShape> {
    const key = `${shape.rows}×${shape.length}×${shape.hasTypes}×${shape.places}`
    let found = this.#shapes.get(key)
    this.#shapes.delete(key)
    found ??= await this.#create(shape)
    this.#shapes.set(key, found)
    if (this.#shapes.size > KEPT_SHAPES) this.#shapes.delete(this.#shapes.keys().next().value!)
    return found
  }

  async #create(shape: ForwardKey): Promise<ForwardShape> {
    const { rows, length, hasTypes, places: placeCount } = shape
    const graph = inferenceGraph(logitsGraph(this.model, shape))
    const { session, constants } = await this.#sessions.sessionFor(graph)
    const ids = new Int32Array(rows * length)
    const types = hasTypes ? new Int32Array(rows * length) : undefined
    const bias = new Float32Array(rows * length)
    const answers = placeCount ?? rows
    const places = placeCount === undefined ? undefined : new Int32Array(placeCount)
    const logits = new Float32Array(answers * this.model.numLabels)
    const inputs: Record<string, HostTensor> = {
      ...constants,
      [FEEDS.ids]: { dtype: 'int32', shape: [rows, length], data: ids },
      [FEEDS.bias]: { dtype: 'float32', shape: [rows, 1, 1, length], data: bias },
      ...(places && { [FEEDS.places]: { dtype: 'int32', shape: [answers], data: places } }),
      ...(types &&
        graph.inputs.has(FEEDS.types) && {
          [FEEDS.types]: { dtype: 'int32', shape: [rows, length], data: types },
        }),
    }
    for (const { spec, values } of this.parameters.all())
      if (graph.inputs.has(spec.name))
        inputs[spec.name] = { dtype: 'float32', shape: spec.shape, data: values }
    const output: HostTensor = { dtype: 'float32', shape: [answers, this.model.numLabels], data: logits }
    return { binding: session.bind(inputs, { logits: output }), ids, types, bias, places, logits }
  }

  async release(): Promise<void> {
    this.#shapes.clear()
    await this.#sessions.release()
  }
}

/** The mean vectors of a folder's trunk, whatever its head: `logits` of a row is its vector [H]. */
export async function loadMeanVectors(origin: ModelOrigin, session: SessionOptions = {}): Promise<Predictor> {
  const opened = await openModel(origin)
  const { encoder } = opened.model
  const parameters = await Parameters.reserve(opened.model.parameters, { slots: null })
  await opened.fill((name) => parameters.get(name).values, 0)
  const model = {
    encoder,
    head: meanPoolingHead,
    parameters: encoder.parameters,
    numLabels: encoder.width,
    ...(opened.model.adapter && { adapter: opened.model.adapter }),
  }
  return new Predictor(model, parameters, session)
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
