/**
 * What an architecture is: a config schema with Hugging Face's field names, the trunk it describes, and heads by task.
 * A task needs nothing of an architecture but its head; an architecture knows no task's data or loss.
 */
import type { z } from 'zod'
import { UserError } from '../../../shared/errors'
import type { Value } from '../ir/graph'
import type { Adapter, Forward } from '../nn/layer'
import type { ParameterSpec } from '../nn/parameter'

export interface TokenInputs {
  /** [B,T] int */
  ids: Value
  /** [B,T] int; absent where every type is 0. */
  typeIds?: Value
  /** Added to attention scores [B,A,T,T]: 0 where a key may be read, hugely negative on padding. [B,1,1,T] */
  attentionBias: Value
}

/** The trunk: tokens to one vector each. */
export interface Encoder {
  readonly parameters: readonly ParameterSpec[]
  /** Width H of the vectors. */
  readonly width: number
  readonly vocabSize: number
  /** Rows may have at most this many tokens. */
  readonly maxPositions: number
  /** Token types there are embeddings for. */
  readonly typeVocabSize: number
  readonly padTokenId: number
  /** Where other files of this family may lack a prefix that ours have. */
  readonly basePrefix: string
  /** The table [V,E] of the tokens, which masked-language heads share. */
  readonly wordEmbeddings: ParameterSpec
  /** Layers that can be frozen or given learning rates of their own; shared layers count once. */
  readonly numLayers: number
  /** 0 for embeddings, 1..numLayers for the layers, numLayers + 1 for what follows them (poolers, heads). */
  layerOf(parameter: string): number
  /** Vectors [B,T,H]. */
  forward(forward: Forward, inputs: TokenInputs): Value
}

/** What a task adds to the trunk. */
export interface Head {
  /** Parameters of its own: a tied table is the encoder's. */
  readonly parameters: readonly ParameterSpec[]
  /** Parameters below it hold one row a label: new where the labels are others than the folder's. */
  readonly labelsPrefix?: string
  /** Its training reads statistics of the batch, which therefore is never cut into pieces. */
  readonly readsWholeBatch?: true
  /** Names under which files may hold a parameter again, or instead: what Transformers ties → our name. */
  readonly tied?: Readonly<Record<string, string>>
  /**
   * sequence-classification: hidden [B,T,H] → [B,C]; token-classification: → [B,T,C];
   * masked-lm: the vectors that are asked about [N,H] → [N,V].
   */
  forward(forward: Forward, hidden: Value, inputs: TokenInputs): Value
}

export type HeadTask = 'sequence-classification' | 'token-classification' | 'masked-lm'

export interface HeadDefinition<C> {
  /** `architectures` of the config.json that is written. */
  className: string
  create(config: C, encoder: Encoder, numLabels: number): Head
}

export interface Architecture<S extends z.ZodType = z.ZodType> {
  /** model_type of config.json. */
  id: string
  label: string
  help: string
  /** No class of Transformers: only the studio, and what loads its ONNX files, can use such a model. */
  isOwnFormat?: true
  /** Fields of config.json with their defaults; unknown fields are kept as they are. */
  config: S
  /** One phrase for lists, as `bert, 6 layers × 384`. */
  describe(config: z.output<S>): string
  encoder(config: z.output<S>): Encoder
  heads: { readonly [T in HeadTask]?: HeadDefinition<z.output<S>> }
}

/** A trunk with the head of one task. */
export interface TaskModel {
  readonly encoder: Encoder
  readonly head: Head
  /** The encoder's, then the head's. */
  readonly parameters: readonly ParameterSpec[]
  /** Logits of an answer: one a label, or one a token of the vocabulary. */
  readonly numLabels: number
  /** Trained updates beside frozen layers. */
  readonly adapter?: Adapter
}

/** @throws UserError where the config cannot be built, or the architecture has no such head. */
export function createModel(
  architecture: Architecture,
  config: unknown,
  task: HeadTask,
  numLabels: number,
): TaskModel {
  const encoder = architecture.encoder(config)
  const head = headFor(architecture, task).create(config, encoder, numLabels)
  const outputs = task === 'masked-lm' ? encoder.vocabSize : numLabels
  return { encoder, head, parameters: [...encoder.parameters, ...head.parameters], numLabels: outputs }
}

/** @throws UserError `unsupported` where the architecture has no head for the task. */
export function headFor({ heads, label }: Architecture, task: HeadTask): HeadDefinition<unknown> {
  const head = heads[task]
  if (!head)
    throw new UserError('unsupported', `${label} has no head for ${task}.`, {
      where: { field: 'task' },
      hint: `It does ${Object.keys(heads).join(', ')}.`,
    })
  return head
}

/** Keeps the config type of one definition while its functions are checked. */
export function architecture<S extends z.ZodType>(definition: Architecture<S>): Architecture {
  return definition
}
