/** What the models of the studio's own format share: config fields, and padding kept out of sums and maxima. */
import { z } from 'zod'
import type { Value } from '../ir/graph'
import { scalar } from '../ops/constant'
import { add, cast, equal } from '../ops/elementwise'
import { reshape } from '../ops/movement'
import type { EmbeddingLayer, Forward } from '../nn/layer'
import { size } from './configFields'

export const plainFields = {
  vocab_size: size.default(8192),
  embedding_size: size.default(128),
  /** Tokens a row may have. */
  max_position_embeddings: size.default(512),
  pad_token_id: z.int().min(0).default(0),
}

export const EMBEDDING_STD = 0.1

/** ids [B,T] → [B,T,E], with the noise that training adds. */
export function wordsAt(forward: Forward, table: EmbeddingLayer, ids: Value): Value {
  const words = table.at(forward, ids)
  return forward.wordNoise ? add(words, forward.wordNoise) : words
}

/** 1 for a token, 0 for padding: [B,1,1,T] → [B,T,1]. */
export function keptTokens(attentionBias: Value): Value {
  const isToken = equal(attentionBias, scalar(attentionBias.graph, 0))
  return column(cast(isToken, 'float32'))
}

/** 0 for a token, hugely negative for padding: [B,1,1,T] → [B,T,1]. */
export function paddingScores(attentionBias: Value): Value {
  return column(attentionBias)
}

function column(x: Value): Value {
  const [rows, , , length] = x.shape
  return reshape(x, [rows!, length!, 1])
}
