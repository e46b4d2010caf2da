/** The graphs of a model with a head: logits for using it, a loss for training it. */
import { UserError } from '../../../shared/errors'
import { Graph, type Value } from '../ir/graph'
import { type Dim, sizeOf } from '../ir/shape'
import type { LossSettings, Objective } from '../objectives/objective'
import { add } from '../ops/elementwise'
import { matMul } from '../ops/linalg'
import { gather, reshape } from '../ops/movement'
import type { Forward } from '../nn/layer'
import type { TaskModel, TokenInputs } from './architecture'

export interface BatchShape {
  rows: Dim
  length: Dim
  /** Whether token types are fed; else all are 0. */
  hasTypes: boolean
  /** Whether noise on the embeddings of the words is fed (training alone). */
  hasNoise?: boolean
  /** Whether rows are mixed before the head (training alone). */
  isMixed?: boolean
  /** Tokens whose logits are wanted; absent: those of every row, or of every token. */
  places?: number
}

/** Names of the feeds; Transformers' where it has one. */
export const FEEDS = {
  ids: 'input_ids',
  types: 'token_type_ids',
  /** [B,1,1,T] float32: 0 or MASKED_SCORE. */
  bias: 'attention_bias',
  /** [N] int32: row · length + position of each answer. */
  places: 'places',
  /** [B,T,E] float32, added to the embeddings of the words. */
  noise: 'word_noise',
  /** [B,B] float32: what each mixed row takes of which row. */
  mixing: 'mixing',
  labels: 'labels',
  /** Labels and weights of the rows mixed in. */
  partnerLabels: 'partner_labels',
  partnerWeights: 'partner_weights',
  /** [N] float32: 1 / (answers, or sum of their class weights, of the whole batch); 0 for ghosts. */
  weights: 'answer_weights',
} as const

function tokenFeeds(
  graph: Graph,
  { encoder }: TaskModel,
  { rows, length, hasTypes }: BatchShape,
): Omit<TokenInputs, 'attentionBias'> {
  return {
    ids: graph.feed(FEEDS.ids, 'int32', [rows, length]),
    ...(hasTypes &&
      encoder.typeVocabSize > 0 && { typeIds: graph.feed(FEEDS.types, 'int32', [rows, length]) }),
  }
}

/** Feeds int32 ids (and types), the bias and places → output `logits` [N,C]; without places as the head gives them. */
export function logitsGraph(model: TaskModel, shape: BatchShape): Graph {
  const graph = new Graph()
  graph.output('logits', logits(graph, model, shape, false))
  return graph
}

/** The feeds of `logitsGraph`, labels, weights and dropout masks → output `loss` []. */
export function lossGraph(
  model: TaskModel,
  objective: Objective,
  shape: BatchShape & { rows: number; length: number },
  settings: LossSettings,
): Graph {
  const graph = new Graph()
  const scores = logits(graph, model, shape, true)
  const [answers, classes] = scores.shape as [number, number]
  const lossOn = (labelFeed: string, weightFeed: string) => {
    const labels = graph.feed(labelFeed, objective.labels.dtype, objective.labels.shape(answers, classes))
    const weights = graph.feed(weightFeed, 'float32', [answers])
    return objective.loss(scores, labels, weights, settings)
  }
  const loss = graph.scope('loss', () => {
    const own = lossOn(FEEDS.labels, FEEDS.weights)
    return shape.isMixed ? add(own, lossOn(FEEDS.partnerLabels, FEEDS.partnerWeights)) : own
  })
  graph.output('loss', loss)
  if (shape.isMixed && !graph.inputs.has(FEEDS.mixing))
    throw new UserError('unsupported', 'Rows of this model cannot be mixed.', {
      where: { field: 'mixup_alpha' },
      hint: 'Mixing is for classifiers that read the first token of an encoder.',
    })
  return graph
}

function logits(graph: Graph, model: TaskModel, shape: BatchShape, training: boolean): Value {
  const { rows, length, places } = shape
  const inputs: TokenInputs = {
    ...tokenFeeds(graph, model, shape),
    attentionBias: graph.feed(FEEDS.bias, 'float32', [rows, 1, 1, length]),
  }
  const asked = places === undefined ? undefined : graph.feed(FEEDS.places, 'int32', [places])
  const noise = shape.hasNoise && graph.feed(FEEDS.noise, 'float32', [rows, length, embeddingWidth(model)])
  const mix = (rowsGiven: Value) => matMul(graph.feed(FEEDS.mixing, 'float32', [rows, rows]), rowsGiven)
  const forward = {
    graph,
    training,
    ...(noise && { wordNoise: noise }),
    ...(shape.isMixed && { mix }),
  }
  return modelLogits(model, forward, inputs, asked)
}

/** Width of the words' embeddings; the trunk's own may be another. */
export function embeddingWidth({ encoder }: TaskModel): number {
  return encoder.wordEmbeddings.shape[1]!
}

/**
 * The trunk, then its head: as the head gives them, or [N,C] of the tokens at `places`, row · length + position. Those
 * are gathered before the head; the passes move that further down: what nobody reads is not computed.
 */
export function modelLogits(
  { encoder, head, adapter }: TaskModel,
  forward: Forward,
  inputs: TokenInputs,
  places?: Value,
): Value {
  const adapted = adapter ? { ...forward, adapter } : forward
  const hidden = encoder.forward(adapted, inputs)
  if (!places) return head.forward(adapted, hidden, inputs)
  const flat = reshape(hidden, [sizeOf(inputs.ids.shape), encoder.width])
  return head.forward(adapted, gather(flat, places, 0), inputs)
}
