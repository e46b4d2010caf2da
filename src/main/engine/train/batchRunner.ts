/**
 * Loss and gradients of a whole batch: its rows are cut into pieces by length, each piece runs in the session of its
 * shape, and the gradients add up in the parameters' gradient memory to those of the whole.
 */
import { invariant } from '../../../shared/errors'
import { sizeOf } from '../ir/shape'
import { embeddingWidth, lossGraph } from '../models/classifierGraph'
import type { TaskModel } from '../models/architecture'
import type { LossSettings, Objective } from '../objectives/objective'
import { PURPOSE, randomKey } from '../random/stream'
import type { SessionOptions } from '../runtime/session'
import { SessionPool } from '../runtime/sessionPool'
import { answersOfPiece, fillPlaces, fillTokens, type PieceAnswer } from './feeds'
import {
  answersLattice,
  cutIntoPieces,
  latticeLength,
  MAX_PIECE_TOKENS,
  type Piece,
  type Shape,
} from './microBatches'
import type { Parameters } from './parameters'
import { answersOf, type LabelledRows, rowLength, type TokenRows } from './rows'
import { Scratch, rowScratchBytes } from './scratch'
import { drawMixing } from './mixing'
import { type BatchFeeds, type ShapeKey, ShapeSession } from './shapeSession'

export interface BatchRunnerSettings {
  model: TaskModel
  objective: Objective
  /** The rows the shapes were chosen for; those that are run have the same lengths. */
  rows: TokenRows
  /** Rows of the largest batch; only models that read whole batches need to know. */
  batchRows?: number
  /** What pieces may look like (see `trainingShapes`). */
  shapes: readonly Shape[]
  seed: number
  loss: LossSettings
  /** NEFTune (Jain et al. 2023): noise of ±alpha/√(tokens · width) on the embeddings of the words of each row. */
  neftuneAlpha?: number | null
  /** See mixing.ts; batches are then never cut into pieces. */
  mixupAlpha?: number | null
  session: SessionOptions
}

function isMixing({ mixupAlpha = null }: BatchRunnerSettings): boolean {
  return mixupAlpha !== null
}

export interface BatchResult {
  /** Mean over the answers of the batch (weighted by class). */
  loss: number
  tokens: number
  paddedTokens: number
  /** Buffers as the batch leaves them; the caller takes them over with the step. */
  updates: ReadonlyMap<string, Float32Array>
}

/** Bytes of the largest dropout masks, rows and ids a run may need. */
function limitsOf(model: TaskModel, rows: TokenRows, batchRows = 1, isMixed = false) {
  let longest = 1
  for (let row = 0; row + 1 < rows.offsets.length; row++) longest = Math.max(longest, rowLength(rows, row))
  const length = latticeLength(longest, model.encoder.maxPositions)
  const wholeRows = model.head.readsWholeBatch || isMixed ? batchRows : 1
  const tokens = Math.max(MAX_PIECE_TOKENS, wholeRows * length)
  const table = model.parameters.find((spec) => spec.gradient === 'rows')
  return { rows: Math.max(MAX_PIECE_TOKENS, wholeRows), tokens, length, width: table?.shape.at(-1) ?? 1 }
}

/** Bytes of all dropout masks of the shape that needs most: attention masks grow with the length, pooled ones with the rows. */
function maskBytesOf(
  { model, objective, rows, neftuneAlpha = null }: BatchRunnerSettings,
  limits: ReturnType<typeof limitsOf>,
): number {
  const count = Math.ceil(limits.tokens / limits.length)
  const shape = {
    rows: count,
    length: limits.length,
    hasTypes: rows.typeIds !== null,
    ...(objective.isByToken && { places: count * limits.length }),
  }
  const graph = lossGraph(model, objective, shape, { labelSmoothing: 0 })
  const masks = [...graph.inputs.values()].filter((input) => input.role === 'mask')
  const bytes = masks.reduce((n, { value }) => n + sizeOf(value.shape) + 32, 64)
  const noise = neftuneAlpha === null ? 0 : count * limits.length * embeddingWidth(model) * 4 + 32
  return bytes + noise + limits.rows * limits.width
}

/** What the runner needs of the arena that holds the tables. */
export function scratchBytes(
  model: TaskModel,
  rows: TokenRows,
  batchRows?: number,
  isMixed?: boolean,
): number {
  return rowScratchBytes(limitsOf(model, rows, batchRows, isMixed))
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
    const limits = limitsOf(model, rows, settings.batchRows, isMixing(settings))
    const table = model.parameters.find((spec) => spec.gradient === 'rows')!
    const maskBytes = maskBytesOf(settings, limits)
    const scratch = await Scratch.reserve(parameters.get(table.name).arena, { ...limits, maskBytes })
    return new BatchRunner(settings, parameters, scratch)
  }

  /**
   * Zeroes the gradients and computes those of the mean loss over the batch: a batch without a single answer has none.
   * `members`: row numbers in the order drawn; `step`: number of the optimizer step, from 0.
   */
  async run(
    rows: LabelledRows,
    members: ArrayLike<number>,
    step: number,
    onPiece: () => void = () => undefined,
  ): Promise<BatchResult> {
    const { seed } = this.#settings
    this.#parameters.zeroGradients()
    const rowOf = (member: number) => members[member]!
    const lengths = Array.from({ length: members.length }, (_, i) => rowLength(rows, members[i]!))
    let total = 0
    for (let i = 0; i < members.length; i++) {
      const { from, to } = answersOf(rows, members[i]!)
      for (let answer = from; answer < to; answer++) total += this.#weightOf(rows, answer)
    }
    const stepKey = randomKey(seed, PURPOSE.dropout, step)
    const noiseKey = randomKey(seed, PURPOSE.embeddingNoise, step)
    const result = { loss: 0, tokens: 0, paddedTokens: 0, updates: new Map<string, Float32Array>() }
    for (const piece of this.#piecesOf(lengths)) {
      const answers = answersOfPiece(piece, rows, rowOf)
      const session = await this.#sessionFor(piece, answers.length, rows.typeIds !== null)
      fillTokens(session.feeds, piece, rows, rowOf, this.#settings.model.encoder.padTokenId)
      const answerWeight = 1 / Math.max(total, Number.MIN_VALUE)
      this.#fillAnswers(session.feeds, answers, rows, answerWeight)
      if (session.feeds.mixed) this.#mix(session.feeds, members, rows, answerWeight, step)
      session.drawMasks(piece.members, answers, stepKey)
      session.drawNoise(piece.members, this.#noiseScales(piece, lengths), noiseKey)
      result.loss += await session.run()
      if (session.updates.size > 0) result.updates = session.updates
      result.tokens += piece.members.reduce((n, i) => n + lengths[i]!, 0)
      result.paddedTokens += piece.rows * piece.length
      onPiece()
    }
    return result
  }

  /** One piece without ghosts where the model reads statistics of the batch, or any two rows may be mixed. */
  #piecesOf(lengths: readonly number[]): Piece[] {
    const { model, shapes, batchRows = 1 } = this.#settings
    if (!model.head.readsWholeBatch && !isMixing(this.#settings)) return cutIntoPieces(lengths, shapes)
    invariant(lengths.length <= batchRows, `memory is for ${batchRows} rows`)
    const length = latticeLength(Math.max(...lengths), model.encoder.maxPositions)
    return [{ rows: lengths.length, length, members: lengths.map((_, i) => i) }]
  }

  #noiseScales({ members }: Piece, lengths: readonly number[]): number[] {
    const { neftuneAlpha: alpha = null, model } = this.#settings
    if (alpha === null) return []
    return members.map((member) => alpha / Math.sqrt(lengths[member]! * embeddingWidth(model)))
  }

  /** What an answer counts for in the mean over the batch. */
  #weightOf(rows: LabelledRows, answer: number): number {
    const { objective, loss } = this.#settings
    return objective.labels.dtype === 'int32' ? (loss.classWeights?.[rows.labels[answer]!] ?? 1) : 1
  }

  #fillAnswers(
    { labels, weights, places }: Pick<BatchFeeds, 'labels' | 'weights' | 'places'>,
    answers: readonly PieceAnswer[],
    rows: LabelledRows,
    answerWeight: number,
  ): void {
    labels.fill(0)
    weights.fill(0)
    const width = labels.length / weights.length
    answers.forEach(({ answer }, i) => {
      for (let c = 0; c < width; c++) labels[i * width + c] = rows.labels[answer * width + c]!
      weights[i] = answerWeight
    })
    if (places) fillPlaces(places, answers)
  }

  /** Each row of the batch takes its share of a partner, of its vector and of its loss. */
  #mix(
    { weights, mixed }: BatchFeeds,
    members: ArrayLike<number>,
    rows: LabelledRows,
    answerWeight: number,
    step: number,
  ): void {
    const { seed, mixupAlpha } = this.#settings
    const { share, partners } = drawMixing(members.length, mixupAlpha!, seed, step)
    const { shares, labels, weights: partnerWeights } = mixed!
    shares.fill(0)
    partners.forEach((partner, row) => {
      shares[row * members.length + row]! += share
      shares[row * members.length + partner]! += 1 - share
    })
    const answers = Array.from(partners, (partner) => ({ answer: members[partner]!, row: 0, place: 0 }))
    this.#fillAnswers({ labels, weights: partnerWeights, places: undefined }, answers, rows, answerWeight)
    weights.forEach((weight, row) => (weights[row] = weight * share))
    partnerWeights.forEach((weight, row) => (partnerWeights[row] = weight * (1 - share)))
  }

  async #sessionFor(piece: Piece, answers: number, hasTypes: boolean): Promise<ShapeSession> {
    const { model, objective, loss } = this.#settings
    const { rows, length } = piece
    const places = objective.isByToken ? answersLattice(answers, rows * length) : undefined
    const key = `${rows}×${length}×${places}`
    const known = this.#shapes.get(key)
    if (known) return known
    const shape: ShapeKey = {
      rows,
      length,
      hasTypes,
      hasNoise: (this.#settings.neftuneAlpha ?? null) !== null,
      isMixed: isMixing(this.#settings),
      ...(places !== undefined && { places }),
    }
    const settings = { model, objective, loss, parameters: this.#parameters, sessions: this.#sessions }
    const session = await ShapeSession.create(shape, settings, this.#scratch)
    this.#shapes.set(key, session)
    return session
  }

  async release(): Promise<void> {
    this.#shapes.clear()
    await this.#sessions.release()
  }
}
