/** What an architecture is: a config schema with Hugging Face's field names, and the model it describes. */
import type { z } from 'zod'
import type { Value } from '../ir/graph'
import type { Forward } from '../nn/layer'
import type { ParameterSpec } from '../nn/parameter'

export interface TokenInputs {
  /** [B,T] int */
  ids: Value
  /** [B,T] int; absent where every type is 0. */
  typeIds?: Value
  /** Added to attention scores [B,A,T,T]: 0 where a key may be read, hugely negative on padding. [B,1,1,T] */
  attentionBias: Value
}

/** A model that gives each row one vector of logits. */
export interface SequenceClassifier {
  readonly parameters: readonly ParameterSpec[]
  readonly vocabSize: number
  /** Rows may have at most this many tokens. */
  readonly maxPositions: number
  /** Token types there are embeddings for. */
  readonly typeVocabSize: number
  readonly padTokenId: number
  readonly numLabels: number
  /** Parameters below this prefix are the head: new where a folder brings none, or one of another size. */
  readonly headPrefix: string
  /** Where other files of this family may lack a prefix that ours have. */
  readonly basePrefix: string
  /** Logits [B,C]. */
  forward(forward: Forward, inputs: TokenInputs): Value
}

export interface Architecture<S extends z.ZodType = z.ZodType> {
  /** model_type of config.json. */
  id: string
  label: string
  help: string
  /** Fields of config.json with their defaults; unknown fields are kept as they are. */
  config: S
  /** `architectures` of the config.json that is written. */
  className: string
  /** One phrase for lists, as `bert, 6 layers × 384`. */
  describe(config: z.output<S>): string
  sequenceClassifier(config: z.output<S>, numLabels: number): SequenceClassifier
}

/** Keeps the config type of one definition while its functions are checked. */
export function architecture<S extends z.ZodType>(definition: Architecture<S>): Architecture {
  return definition
}
