/** ALBERT (Lan et al. 2019) as Transformers 5.24 builds it: few layers applied many times, narrow embeddings. */
import { z } from 'zod'
import { activationNamed } from '../nn/activation'
import { EncoderLayer, type EncoderLayerNames } from '../nn/encoderLayer'
import { LinearLayer } from '../nn/layer'
import { tanh } from '../ops/activation'
import { architecture } from './architecture'
import { bertEmbeddings, bertFields, bertLayerSettings } from './bertParts'
import { probability, size } from './configFields'
import { FirstTokenHead, MaskedLmHead, TokenHead } from './heads'
import { TransformerEncoder } from './transformerEncoder'

const AlbertConfig = z.looseObject({
  ...bertFields,
  vocab_size: size.default(30000),
  embedding_size: size.default(128),
  hidden_size: size.default(4096),
  num_hidden_groups: size.default(1),
  num_attention_heads: size.default(64),
  intermediate_size: size.default(16384),
  inner_group_num: size.default(1),
  hidden_act: z.string().default('gelu_new'),
  hidden_dropout_prob: probability.default(0),
  attention_probs_dropout_prob: probability.default(0),
  classifier_dropout_prob: probability.default(0.1),
})
type AlbertConfig = z.output<typeof AlbertConfig>

const LAYER_NAMES: EncoderLayerNames = {
  attention: 'attention',
  projections: ['query', 'key', 'value'],
  attentionOutput: 'attention.dense',
  attentionNorm: 'attention.LayerNorm',
  inner: 'ffn',
  outer: 'ffn_output',
  outputNorm: 'full_layer_layer_norm',
}

function encoder(config: AlbertConfig): TransformerEncoder {
  const settings = { ...bertLayerSettings(config), outputDropout: 0 }
  const { embedding_size, num_hidden_groups: groups, inner_group_num: inner } = config
  const layers = Array.from({ length: groups * inner }, (_, i) => {
    const name = `albert.encoder.albert_layer_groups.${Math.floor(i / inner)}.albert_layers.${i % inner}`
    return new EncoderLayer(name, LAYER_NAMES, settings)
  })
  const mapping = 'albert.encoder.embedding_hidden_mapping_in'
  return new TransformerEncoder(
    {
      basePrefix: 'albert.',
      embeddings: bertEmbeddings('albert.embeddings', config, embedding_size),
      projection: new LinearLayer(mapping, embedding_size, settings.width, config.initializer_range),
      layers,
      order: Array.from({ length: config.num_hidden_layers }, (_, i) => {
        const group = Math.floor(i / (config.num_hidden_layers / groups))
        return Array.from({ length: inner }, (_, j) => group * inner + j)
      }).flat(),
    },
    settings.width,
  )
}

export const albert = architecture({
  id: 'albert',
  label: 'ALBERT',
  help: 'An encoder whose layers share their weights: small on disk, as slow as its depth.',
  config: AlbertConfig,
  describe: (config) =>
    `albert, ${config.num_hidden_layers} layers × ${config.hidden_size} from ${config.num_hidden_groups * config.inner_group_num}`,
  encoder,
  heads: {
    'sequence-classification': {
      className: 'AlbertForSequenceClassification',
      create: (config, trunk, numLabels) =>
        new FirstTokenHead(trunk, numLabels, {
          names: ['albert.pooler', 'classifier'],
          activation: tanh,
          dropout: config.classifier_dropout_prob,
          std: config.initializer_range,
        }),
    },
    'token-classification': {
      className: 'AlbertForTokenClassification',
      create: (config, trunk, numLabels) =>
        new TokenHead(trunk, numLabels, {
          dropout: config.classifier_dropout_prob,
          std: config.initializer_range,
        }),
    },
    'masked-lm': {
      className: 'AlbertForMaskedLM',
      create: (config, trunk) =>
        new MaskedLmHead(trunk, {
          names: ['predictions.dense', 'predictions.LayerNorm', 'predictions.bias'],
          decoder: 'predictions.decoder',
          activation: activationNamed(config.hidden_act, 'hidden_act'),
          epsilon: config.layer_norm_eps,
          std: config.initializer_range,
          isTied: config.tie_word_embeddings,
        }),
    },
  },
})
