/** The encoder that the engine is measured with: BERT for sequence classification, built from operators alone. */
import { Graph, type Value } from '../src/main/engine/ir/graph'
import {
  add,
  attention,
  crossEntropy,
  dropout,
  gather,
  gelu,
  layerNorm,
  linear,
  reshape,
  select,
  slice,
  tanh,
  transpose,
} from '../src/main/engine/ops'

export interface EncoderShape {
  layers: number
  hidden: number
  heads: number
  intermediate: number
  vocabulary: number
  classes: number
  /** Rows B and tokens T of one micro-batch. */
  rows: number
  tokens: number
  dropout: number
}

export const SIX_BY_384: EncoderShape = {
  layers: 6,
  hidden: 384,
  heads: 12,
  intermediate: 1536,
  vocabulary: 30522,
  classes: 2,
  rows: 16,
  tokens: 128,
  dropout: 0,
}

/** Forward graph with outputs `loss` and `logits`. */
export function encoderGraph(shape: EncoderShape): Graph {
  const { rows: B, tokens: T, hidden: H, heads: A, intermediate: I, dropout: p } = shape
  const graph = new Graph()
  let masks = 0
  const mask = (of: readonly number[]) =>
    graph.input(`mask.${masks++}`, 'mask', 'bool', of, { dropProbability: p })
  const drop = (x: Value) => (p > 0 ? dropout(x, mask(x.shape as number[]), p) : x)
  const dense = (name: string, x: Value, width: number) =>
    linear(x, graph.param(`${name}.weight`, [width, x.shape.at(-1)!]), graph.param(`${name}.bias`, [width]), {
      transW: true,
    })
  const norm = (name: string, x: Value) =>
    layerNorm(x, graph.param(`${name}.weight`, [H]), graph.param(`${name}.bias`, [H]), 1e-12)
  const heads = (x: Value) => transpose(reshape(x, [B, T, A, H / A]), [0, 2, 1, 3])

  const ids = graph.feed('input_ids', 'int32', [B, T])
  const types = graph.feed('token_type_ids', 'int32', [B, T])
  const bias = graph.feed('attention_bias', 'float32', [B, 1, 1, T])
  const table = (name: string, size: number) =>
    graph.param(`embeddings.${name}.weight`, [size, H], { gradient: 'rows' })
  const words = gather(table('word_embeddings', shape.vocabulary), ids)
  const places = slice(table('position_embeddings', 512), 0, 0, T)
  const embedded = add(add(words, gather(table('token_type_embeddings', 2), types)), places)
  let x = drop(norm('embeddings.LayerNorm', embedded))
  for (let layer = 0; layer < shape.layers; layer++)
    x = graph.scope(`encoder.layer.${layer}`, () => {
      const at = `encoder.layer.${layer}`
      const [q, k, v] = ['query', 'key', 'value'].map((n) => heads(dense(`${at}.attention.self.${n}`, x, H)))
      const { context } = attention(q!, k!, v!, {
        bias,
        ...(p > 0 && { dropout: { mask: mask([B, A, T, T]), probability: p } }),
      })
      const merged = reshape(transpose(context, [0, 2, 1, 3]), [B, T, H])
      const attended = drop(dense(`${at}.attention.output.dense`, merged, H))
      const y = norm(`${at}.attention.output.LayerNorm`, add(attended, x))
      const inner = gelu(dense(`${at}.intermediate.dense`, y, I))
      return norm(`${at}.output.LayerNorm`, add(drop(dense(`${at}.output.dense`, inner, H)), y))
    })
  const pooled = drop(tanh(dense('pooler.dense', select(x, 1, 0), H)))
  const logits = dense('classifier', pooled, shape.classes)
  graph.output('logits', logits)
  const labels = graph.feed('labels', 'int32', [B])
  graph.output('loss', crossEntropy(logits, labels, graph.feed('row_weights', 'float32', [B])).loss)
  return graph
}
