/**
 * Loss and gradients of a whole batch: its rows are cut into pieces by length, each piece runs in the session of its
 * shape, and the gradients add up in the parameters' gradient memory to those of the whole.
 */
import { sizeOf } from '../ir/shape'
import { lossGraph, MASKED_SCORE } from '../models/classifierGraph'
import type { TaskModel } from '../models/architecture'
import { PURPOSE, randomKey } from '../random/stream'
import type { SessionOptions } from '../runtime/session'
import { SessionPool } from '../runtime/sessionPool'
import { cutIntoPieces, latticeLength, MAX_PIECE_TOKENS, type Piece, type Shape } from './microBatches'
import type { Parameters } from './parameters'
import { type LabelledRows, rowLength } from './rows'
import { Scratch, rowScratchBytes } from './scratch'
import { ShapeSession, type ShapeSettings } from './shapeSession'

export interface BatchRunnerSettings {
  model: TaskModel
  rows: LabelledRows
  /** What pieces may look like (see `trainingShapes`). */
  shapes: readonly Shape[]
  seed: number
  labelSmoothing: number
  /** Weight of each class in the loss. */
  classWeights?: readonly number[]
  session: SessionOptions
}

export interface BatchResult {
  /** Mean over the rows of the batch (weighted by class). */
  loss: number
  tokens: number
  paddedTokens: number
}

/** Bytes of the largest dropout masks, rows and ids a run may need. */
function limitsOf(model: TaskModel, rows: LabelledRows) {
  let longest = 1
  for (let row = 0; row + 1 < rows.offsets.length; row++) longest = Math.max(longest, rowLength(rows, row))
  const length = latticeLength(longest, model.encoder.maxPositions)
  const tokens = Math.max(MAX_PIECE_TOKENS, length)
  const table = model.parameters.find((spec) => spec.gradient === 'rows')
  return { rows: MAX_PIECE_TOKENS, tokens, length, width: table?.shape.at(-1) ?? 1 }
}

/** Bytes of all dropout masks of the shape that needs most: attention masks grow with the length, pooled ones with the rows. */
function maskBytesOf({ model, rows }: BatchRunnerSettings, limits: ReturnType<typeof limitsOf>): number {
  const shape = {
    rows: Math.ceil(limits.tokens / limits.length),
    length: limits.length,
    hasTypes: rows.typeIds !== null,
  }
  const graph = lossGraph(model, shape, { labelSmoothing: 0 })
  const masks = [...graph.inputs.values()].filter((input) => input.role === 'mask')
  const bytes = masks.reduce((n, { value }) => n + sizeOf(value.shape) + 32, 64)
  return bytes + limits.rows * limits.width
}

/** What the runner needs of the arena that holds the tables. */
export function scratchBytes(model: TaskModel, rows: LabelledRows): number {
  return rowScratchBytes(limitsOf(model, rows))
}

export class BatchRunner {
  readonly #settings: BatchRunnerSettings
  readonly #parameters: Parameters
  readonly #scratch: Scratch
  readonly #sessions: SessionPool
  readonly #shapes = new Map<string, ShapeSession>()

  private constructor(settings: BatchRunnerSettings, parameters: Parameters, scratch: Scratch) {
    this.#settings = settings
    this.#parameters = parameters
    this.#scratch = scratch
    this.#sessions = new SessionPool(settings.session)
  }

  static async create(settings: BatchRunnerSettings, parameters: Parameters): Promise<BatchRunner> {
    const { model, rows } = settings
    const limits = limitsOf(model, rows)
    const table = model.parameters.find((spec) => spec.gradient === 'rows')!
    const maskBytes = maskBytesOf(settings, limits)
    const scratch = await Scratch.reserve(parameters.get(table.name).arena, { ...limits, maskBytes })
    return new BatchRunner(settings, parameters, scratch)
  }

  /**
   * Zeroes the gradients and computes those of the mean loss over the batch.
   * `members`: row numbers in the order drawn; `step`: number of the optimizer step, from 0.
   */
  async run(
    members: ArrayLike<number>,
    step: number,
    onPiece: () => void = () => undefined,
  ): Promise<BatchResult> {
    const { rows, shapes, seed, classWeights } = this.#settings
    this.#parameters.zeroGradients()
    const lengths = Array.from({ length: members.length }, (_, i) => rowLength(rows, members[i]!))
    const weightOf = (row: number) => classWeights?.[rows.labels[row]!] ?? 1
    let total = 0
    for (let i = 0; i < members.length; i++) total += weightOf(members[i]!)
    const stepKey = randomKey(seed, PURPOSE.dropout, step)
    const result: BatchResult = { loss: 0, tokens: 0, paddedTokens: 0 }
    for (const piece of cutIntoPieces(lengths, shapes)) {
      const session = await this.#sessionFor(piece)
      this.#fill(session, piece, members, 1 / total)
      session.drawMasks(piece.members, stepKey)
      result.loss += await session.run()
      result.tokens += piece.members.reduce((n, i) => n + lengths[i]!, 0)
      result.paddedTokens += piece.rows * piece.length
      onPiece()
    }
    return result
  }

  #fill(session: ShapeSession, piece: Piece, members: ArrayLike<number>, rowWeight: number): void {
    const { rows, model } = this.#settings
    const { ids, types, bias, labels, weights } = session.feeds
    ids.fill(model.encoder.padTokenId)
    types?.fill(0)
    bias.fill(MASKED_SCORE)
    weights.fill(0)
    piece.members.forEach((ordinal, i) => {
      const row = members[ordinal]!
      const [from, to] = [rows.offsets[row]!, rows.offsets[row + 1]!]
      const at = i * piece.length
      ids.set(rows.ids.subarray(from, to), at)
      if (types && rows.typeIds) types.set(rows.typeIds.subarray(from, to), at)
      bias.fill(0, at, at + to - from)
      labels[i] = rows.labels[row]!
      weights[i] = rowWeight
    })
    for (let ghost = piece.members.length; ghost < piece.rows; ghost++) {
      bias[ghost * piece.length] = 0
      labels[ghost] = 0
    }
  }

  async #sessionFor({ rows, length }: Shape): Promise<ShapeSession> {
    const key = `${rows}×${length}`
    const known = this.#shapes.get(key)
    if (known) return known
    const shape = { rows, length, hasTypes: this.#settings.rows.typeIds !== null }
    const { model, labelSmoothing, classWeights } = this.#settings
    const settings: ShapeSettings = {
      model,
      parameters: this.#parameters,
      labelSmoothing,
      ...(classWeights && { classWeights }),
      sessions: this.#sessions,
    }
    const session = await ShapeSession.create(shape, settings, this.#scratch)
    this.#shapes.set(key, session)
    return session
  }

  async release(): Promise<void> {
    this.#shapes.clear()
    await this.#sessions.release()
  }
}
