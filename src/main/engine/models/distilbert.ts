/** DistilBERT (Sanh et al. 2019) as Transformers 5.24 builds it: BERT without token types and pooler. */
import { z } from 'zod'
import { activationNamed } from '../nn/activation'
import { EncoderLayer, type EncoderLayerNames } from '../nn/encoderLayer'
import { TokenEmbeddings } from '../nn/tokenEmbeddings'
import { relu } from '../ops/activation'
import { architecture } from './architecture'
import { encoderOnly, probability, requirePadInVocabulary, requireWholeHeads, size } from './configFields'
import { FirstTokenHead, MaskedLmHead, TokenHead } from './heads'
import { TransformerEncoder } from './transformerEncoder'

const DistilBertConfig = z.looseObject({
  vocab_size: size.default(30522),
  max_position_embeddings: size.default(512),
  /** How positions are first filled; a folder brings its own. */
  sinusoidal_pos_embds: z.boolean().default(false),
  n_layers: z.int().min(0).default(6),
  n_heads: size.default(12),
  dim: size.default(768),
  hidden_dim: size.default(3072),
  dropout: probability.default(0.1),
  attention_dropout: probability.default(0.1),
  activation: z.string().default('gelu'),
  initializer_range: z.number().min(0).default(0.02),
  seq_classif_dropout: probability.default(0.2),
  pad_token_id: z.int().min(0).nullable().default(0),
  tie_word_embeddings: z.boolean().default(true),
  ...encoderOnly,
})
type DistilBertConfig = z.output<typeof DistilBertConfig>

/** No field of its config sets it. */
const EPSILON = 1e-12

const LAYER_NAMES: EncoderLayerNames = {
  attention: 'attention',
  projections: ['q_lin', 'k_lin', 'v_lin'],
  attentionOutput: 'attention.out_lin',
  attentionNorm: 'sa_layer_norm',
  inner: 'ffn.lin1',
  outer: 'ffn.lin2',
  outputNorm: 'output_layer_norm',
}

function encoder(config: DistilBertConfig): TransformerEncoder {
  const { dim: width, initializer_range: std } = config
  requireWholeHeads(['dim', width], ['n_heads', config.n_heads])
  requirePadInVocabulary(config.pad_token_id, config.vocab_size)
  const settings = {
    width,
    heads: config.n_heads,
    innerWidth: config.hidden_dim,
    activation: activationNamed(config.activation, 'activation'),
    epsilon: EPSILON,
    std,
    attentionDropout: config.attention_dropout,
    attentionOutputDropout: 0,
    outputDropout: config.dropout,
  }
  return new TransformerEncoder(
    {
      basePrefix: 'distilbert.',
      embeddings: new TokenEmbeddings('distilbert.embeddings', {
        vocabSize: config.vocab_size,
        width,
        positions: config.max_position_embeddings,
        typeVocabSize: 0,
        padTokenId: config.pad_token_id,
        epsilon: EPSILON,
        dropProbability: config.dropout,
        std,
      }),
      layers: Array.from(
        { length: config.n_layers },
        (_, i) => new EncoderLayer(`distilbert.transformer.layer.${i}`, LAYER_NAMES, settings),
      ),
    },
    width,
  )
}

export const distilbert = architecture({
  id: 'distilbert',
  label: 'DistilBERT',
  help: 'BERT with half the layers and no token types; classifies by its first token.',
  config: DistilBertConfig,
  describe: (config) => `distilbert, ${config.n_layers} layers × ${config.dim}`,
  encoder,
  heads: {
    'sequence-classification': {
      className: 'DistilBertForSequenceClassification',
      create: (config, trunk, numLabels) =>
        new FirstTokenHead(trunk, numLabels, {
          names: ['pre_classifier', 'classifier'],
          activation: relu,
          dropout: config.seq_classif_dropout,
          std: config.initializer_range,
        }),
    },
    'token-classification': {
      className: 'DistilBertForTokenClassification',
      create: (config, trunk, numLabels) =>
        new TokenHead(trunk, numLabels, { dropout: config.dropout, std: config.initializer_range }),
    },
    'masked-lm': {
      className: 'DistilBertForMaskedLM',
      create: (config, trunk) =>
        new MaskedLmHead(trunk, {
          names: ['vocab_transform', 'vocab_layer_norm', 'vocab_projector.bias'],
          decoder: 'vocab_projector',
          activation: activationNamed(config.activation, 'activation'),
          epsilon: EPSILON,
          std: config.initializer_range,
          isTied: config.tie_word_embeddings,
        }),
    },
  },
})
