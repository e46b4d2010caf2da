/** BERT (Devlin et al. 2018) as Transformers 5.24 builds it; MiniLM is a BERT too. */
import { z } from 'zod'
import { activationNamed } from '../nn/activation'
import { EncoderLayer } from '../nn/encoderLayer'
import { tanh } from '../ops/activation'
import { architecture } from './architecture'
import {
  BERT_LAYER_NAMES,
  bertEmbeddings,
  bertFields,
  bertLayerSettings,
  classifierDropout,
} from './bertParts'
import { probability } from './configFields'
import { FirstTokenHead, MaskedLmHead, TokenHead } from './heads'
import { TransformerEncoder } from './transformerEncoder'

const BertConfig = z.looseObject({
  ...bertFields,
  classifier_dropout: probability.nullable().default(null),
})
type BertConfig = z.output<typeof BertConfig>

function encoder(config: BertConfig): TransformerEncoder {
  const settings = bertLayerSettings(config)
  return new TransformerEncoder(
    {
      basePrefix: 'bert.',
      embeddings: bertEmbeddings('bert.embeddings', config, settings.width),
      layers: Array.from(
        { length: config.num_hidden_layers },
        (_, i) => new EncoderLayer(`bert.encoder.layer.${i}`, BERT_LAYER_NAMES, settings),
      ),
    },
    settings.width,
  )
}

export const bert = architecture({
  id: 'bert',
  label: 'BERT',
  help: 'A bidirectional encoder; classifies by its first token.',
  config: BertConfig,
  describe: (config) => `bert, ${config.num_hidden_layers} layers × ${config.hidden_size}`,
  encoder,
  heads: {
    'sequence-classification': {
      className: 'BertForSequenceClassification',
      create: (config, trunk, numLabels) =>
        new FirstTokenHead(trunk, numLabels, {
          names: ['bert.pooler.dense', 'classifier'],
          activation: tanh,
          dropout: classifierDropout(config),
          std: config.initializer_range,
        }),
    },
    'token-classification': {
      className: 'BertForTokenClassification',
      create: (config, trunk, numLabels) =>
        new TokenHead(trunk, numLabels, {
          dropout: classifierDropout(config),
          std: config.initializer_range,
        }),
    },
    'masked-lm': {
      className: 'BertForMaskedLM',
      create: (config, trunk) =>
        new MaskedLmHead(trunk, {
          names: [
            'cls.predictions.transform.dense',
            'cls.predictions.transform.LayerNorm',
            'cls.predictions.bias',
          ],
          decoder: 'cls.predictions.decoder',
          activation: activationNamed(config.hidden_act, 'hidden_act'),
          epsilon: config.layer_norm_eps,
          std: config.initializer_range,
          isTied: config.tie_word_embeddings,
        }),
    },
  },
})
