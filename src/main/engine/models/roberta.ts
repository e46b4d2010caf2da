/** RoBERTa (Liu et al. 2019) as Transformers 5.24 builds it: BERT whose positions begin after the padding token's id. */
import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import { EncoderLayer } from '../nn/encoderLayer'
import { gelu, tanh } from '../ops/activation'
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

const RobertaConfig = z.looseObject({
  ...bertFields,
  vocab_size: size.default(50265),
  pad_token_id: z.int().min(0).default(1),
  classifier_dropout: probability.nullable().default(null),
})
type RobertaConfig = z.output<typeof RobertaConfig>

function encoder(config: RobertaConfig): TransformerEncoder {
  const settings = bertLayerSettings(config)
  const firstPosition = config.pad_token_id + 1
  if (config.max_position_embeddings <= firstPosition)
    throw new UserError(
      'bad-config',
      `max_position_embeddings (${config.max_position_embeddings}) leaves no position: the first is ${firstPosition}.`,
      {
        where: { field: 'max_position_embeddings' },
        hint: 'A RoBERTa model has max_position_embeddings − pad_token_id − 1 positions.',
      },
    )
  return new TransformerEncoder(
    {
      basePrefix: 'roberta.',
      embeddings: bertEmbeddings('roberta.embeddings', config, settings.width, firstPosition),
      layers: Array.from(
        { length: config.num_hidden_layers },
        (_, i) => new EncoderLayer(`roberta.encoder.layer.${i}`, BERT_LAYER_NAMES, settings),
      ),
    },
    settings.width,
  )
}

export const roberta = architecture({
  id: 'roberta',
  label: 'RoBERTa',
  help: 'BERT trained longer on byte-level tokens; classifies by its first token.',
  config: RobertaConfig,
  describe: (config) => `roberta, ${config.num_hidden_layers} layers × ${config.hidden_size}`,
  encoder,
  heads: {
    'sequence-classification': {
      className: 'RobertaForSequenceClassification',
      create: (config, trunk, numLabels) =>
        new FirstTokenHead(trunk, numLabels, {
          names: ['classifier.dense', 'classifier.out_proj'],
          activation: tanh,
          inputDropout: classifierDropout(config),
          dropout: classifierDropout(config),
          std: config.initializer_range,
        }),
    },
    'token-classification': {
      className: 'RobertaForTokenClassification',
      create: (config, trunk, numLabels) =>
        new TokenHead(trunk, numLabels, {
          dropout: classifierDropout(config),
          std: config.initializer_range,
        }),
    },
    'masked-lm': {
      className: 'RobertaForMaskedLM',
      create: (config, trunk) =>
        new MaskedLmHead(trunk, {
          names: ['lm_head.dense', 'lm_head.layer_norm', 'lm_head.bias'],
          decoder: 'lm_head.decoder',
          activation: gelu,
          epsilon: config.layer_norm_eps,
          std: config.initializer_range,
          isTied: config.tie_word_embeddings,
        }),
    },
  },
})
