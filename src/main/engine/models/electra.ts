/** ELECTRA (Clark et al. 2020) as Transformers 5.24 builds it: BERT with embeddings of a width of their own. */
import { z } from 'zod'
import { EncoderLayer } from '../nn/encoderLayer'
import { LinearLayer } from '../nn/layer'
import { gelu } from '../ops/activation'
import { architecture } from './architecture'
import {
  BERT_LAYER_NAMES,
  bertEmbeddings,
  bertFields,
  bertLayerSettings,
  classifierDropout,
} from './bertParts'
import { probability, size } from './configFields'
import { FirstTokenHead, MaskedLmHead, TokenHead } from './heads'
import { TransformerEncoder } from './transformerEncoder'

const ElectraConfig = z.looseObject({
  ...bertFields,
  embedding_size: size.default(128),
  hidden_size: size.default(256),
  num_attention_heads: size.default(4),
  intermediate_size: size.default(1024),
  classifier_dropout: probability.nullable().default(null),
})
type ElectraConfig = z.output<typeof ElectraConfig>

function encoder(config: ElectraConfig): TransformerEncoder {
  const settings = bertLayerSettings(config)
  const { embedding_size, initializer_range: std } = config
  const { width } = settings
  return new TransformerEncoder(
    {
      basePrefix: 'electra.',
      embeddings: bertEmbeddings('electra.embeddings', config, embedding_size),
      ...(embedding_size !== width && {
        projection: new LinearLayer('electra.embeddings_project', embedding_size, width, std),
      }),
      layers: Array.from(
        { length: config.num_hidden_layers },
        (_, i) => new EncoderLayer(`electra.encoder.layer.${i}`, BERT_LAYER_NAMES, settings),
      ),
    },
    width,
  )
}

export const electra = architecture({
  id: 'electra',
  label: 'ELECTRA',
  help: 'An encoder trained to tell replaced tokens; its discriminator classifies by the first token.',
  config: ElectraConfig,
  describe: (config) => `electra, ${config.num_hidden_layers} layers × ${config.hidden_size}`,
  encoder,
  heads: {
    'sequence-classification': {
      className: 'ElectraForSequenceClassification',
      create: (config, trunk, numLabels) =>
        new FirstTokenHead(trunk, numLabels, {
          names: ['classifier.dense', 'classifier.out_proj'],
          activation: gelu,
          inputDropout: classifierDropout(config),
          dropout: classifierDropout(config),
          std: config.initializer_range,
        }),
    },
    'token-classification': {
      className: 'ElectraForTokenClassification',
      create: (config, trunk, numLabels) =>
        new TokenHead(trunk, numLabels, {
          dropout: classifierDropout(config),
          std: config.initializer_range,
        }),
    },
    'masked-lm': {
      className: 'ElectraForMaskedLM',
      create: (config, trunk) =>
        new MaskedLmHead(trunk, {
          names: ['generator_predictions.dense', 'generator_predictions.LayerNorm', 'generator_lm_head.bias'],
          decoder: 'generator_lm_head',
          activation: gelu,
          epsilon: config.layer_norm_eps,
          std: config.initializer_range,
          isTied: config.tie_word_embeddings,
        }),
    },
  },
})
