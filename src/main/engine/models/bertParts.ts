/** What BERT's kin share with it: config fields, names of modules, layers and embeddings by those fields. */
import { z } from 'zod'
import { activationNamed } from '../nn/activation'
import type { EncoderLayerNames, EncoderLayerSettings } from '../nn/encoderLayer'
import { TokenEmbeddings } from '../nn/tokenEmbeddings'
import { encoderOnly, probability, requirePadInVocabulary, requireWholeHeads, size } from './configFields'

/** What BERT, RoBERTa, ELECTRA and ALBERT name alike, with BERT's defaults. */
export const bertFields = {
  vocab_size: size.default(30522),
  hidden_size: size.default(768),
  num_hidden_layers: z.int().min(0).default(12),
  num_attention_heads: size.default(12),
  intermediate_size: size.default(3072),
  hidden_act: z.string().default('gelu'),
  hidden_dropout_prob: probability.default(0.1),
  attention_probs_dropout_prob: probability.default(0.1),
  max_position_embeddings: size.default(512),
  type_vocab_size: size.default(2),
  initializer_range: z.number().min(0).default(0.02),
  layer_norm_eps: z.number().positive().default(1e-12),
  pad_token_id: z.int().min(0).nullable().default(0),
  tie_word_embeddings: z.boolean().default(true),
  ...encoderOnly,
}
type BertFields = z.output<z.ZodObject<typeof bertFields>>

/** Names that RoBERTa and ELECTRA have too. */
export const BERT_LAYER_NAMES: EncoderLayerNames = {
  attention: 'attention.self',
  projections: ['query', 'key', 'value'],
  attentionOutput: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  inner: 'intermediate.dense',
  outer: 'output.dense',
  outputNorm: 'output.LayerNorm',
}

/** Settings of a layer by BERT's config fields. @throws UserError where they cannot be. */
export function bertLayerSettings(config: BertFields): EncoderLayerSettings {
  const { hidden_size: width, num_attention_heads: heads } = config
  requireWholeHeads(['hidden_size', width], ['num_attention_heads', heads])
  requirePadInVocabulary(config.pad_token_id, config.vocab_size)
  return {
    width,
    heads,
    innerWidth: config.intermediate_size,
    activation: activationNamed(config.hidden_act, 'hidden_act'),
    epsilon: config.layer_norm_eps,
    std: config.initializer_range,
    attentionDropout: config.attention_probs_dropout_prob,
    attentionOutputDropout: config.hidden_dropout_prob,
    outputDropout: config.hidden_dropout_prob,
  }
}

/** Embeddings by BERT's config fields, `width` wide. */
export function bertEmbeddings(
  name: string,
  config: BertFields,
  width: number,
  firstPosition?: number,
): TokenEmbeddings {
  return new TokenEmbeddings(name, {
    vocabSize: config.vocab_size,
    width,
    positions: config.max_position_embeddings,
    ...(firstPosition !== undefined && { firstPosition }),
    typeVocabSize: config.type_vocab_size,
    padTokenId: config.pad_token_id,
    epsilon: config.layer_norm_eps,
    dropProbability: config.hidden_dropout_prob,
    std: config.initializer_range,
  })
}

export function classifierDropout(config: {
  classifier_dropout: number | null
  hidden_dropout_prob: number
}): number {
  return config.classifier_dropout ?? config.hidden_dropout_prob
}
