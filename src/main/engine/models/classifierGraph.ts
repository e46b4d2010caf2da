/** The graphs of a sequence classifier: logits for using it, a loss for training it. */
import { Graph, type Value } from '../ir/graph'
import type { Dim } from '../ir/shape'
import { crossEntropy } from '../ops/loss'
import type { Forward } from '../nn/layer'
import type { TaskModel, TokenInputs } from './architecture'

/** What keeps attention off padding: the most negative float32, as Transformers adds it. */
export const MASKED_SCORE = -3.4028234663852886e38

export interface BatchShape {
  rows: Dim
  length: Dim
  /** Whether token types are fed; else all are 0. */
  hasTypes: boolean
}

/** Names of the feeds; Transformers' where it has one. */
export const FEEDS = {
  ids: 'input_ids',
  types: 'token_type_ids',
  /** [B,1,1,T] float32: 0 or MASKED_SCORE. */
  bias: 'attention_bias',
  labels: 'labels',
  /** [B] float32: 1 / (rows, or sum of class weights, of the whole batch); 0 for ghost rows. */
  rowWeights: 'row_weights',
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

/** Feeds int32 ids (and types) and the bias → output `logits` [B,C]. */
export function logitsGraph(model: TaskModel, shape: BatchShape): Graph {
  const graph = new Graph()
  graph.output('logits', logits(graph, model, shape, false))
  return graph
}

export interface LossSettings {
  labelSmoothing: number
  classWeights?: readonly number[]
}

/** The feeds of `logitsGraph`, labels, row weights and dropout masks → output `loss` []. */
export function lossGraph(model: TaskModel, shape: BatchShape, settings: LossSettings): Graph {
  const graph = new Graph()
  const scores = logits(graph, model, shape, true)
  const labels = graph.feed(FEEDS.labels, 'int32', [shape.rows])
  const rowWeights = graph.feed(FEEDS.rowWeights, 'float32', [shape.rows])
  const { loss } = graph.scope('loss', () => crossEntropy(scores, labels, rowWeights, settings))
  graph.output('loss', loss)
  return graph
}

function logits(graph: Graph, model: TaskModel, shape: BatchShape, training: boolean): Value {
  const tokens = tokenFeeds(graph, model, shape)
  const attentionBias = graph.feed(FEEDS.bias, 'float32', [shape.rows, 1, 1, shape.length])
  return classifierLogits(model, { graph, training }, { ...tokens, attentionBias })
}

/** The trunk, then its head: [B,C]. */
export function classifierLogits({ encoder, head }: TaskModel, forward: Forward, inputs: TokenInputs): Value {
  return head.forward(forward, encoder.forward(forward, inputs), inputs)
}
