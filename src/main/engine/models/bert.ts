/** BERT (Devlin et al. 2018) as Transformers 5.23 builds it. */
import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import type { Value } from '../ir/graph'
import { tanh } from '../ops/activation'
import { add } from '../ops/elementwise'
import { reshape, select } from '../ops/movement'
import { axisPositions } from '../ops/position'
import { activationNamed } from '../nn/activation'
import { dropout, EmbeddingLayer, type Forward, LayerNormLayer, LinearLayer } from '../nn/layer'
import type { ParameterSpec } from '../nn/parameter'
import { SelfAttention } from '../nn/selfAttention'
import { architecture, type Encoder, type Head, type TokenInputs } from './architecture'

const size = z.int().min(1)
const probability = z.number().min(0).lt(1)

export const BertConfig = z.looseObject({
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
  pad_token_id: z.int().min(0).default(0),
  classifier_dropout: probability.nullable().default(null),
  position_embedding_type: z.literal('absolute').optional(),
  is_decoder: z.literal(false).optional(),
  add_cross_attention: z.literal(false).optional(),
})
export type BertConfig = z.output<typeof BertConfig>

class BertEmbeddings {
  readonly #words: EmbeddingLayer
  readonly #positions: EmbeddingLayer
  readonly #types: EmbeddingLayer
  readonly #norm: LayerNormLayer
  readonly parameters: readonly ParameterSpec[]

  constructor(
    readonly name: string,
    readonly config: BertConfig,
  ) {
    const { hidden_size: width, initializer_range: std } = config
    this.#words = new EmbeddingLayer(
      `${name}.word_embeddings`,
      config.vocab_size,
      width,
      std,
      config.pad_token_id,
    )
    this.#positions = new EmbeddingLayer(
      `${name}.position_embeddings`,
      config.max_position_embeddings,
      width,
      std,
    )
    this.#types = new EmbeddingLayer(`${name}.token_type_embeddings`, config.type_vocab_size, width, std)
    this.#norm = new LayerNormLayer(`${name}.LayerNorm`, width, config.layer_norm_eps)
    this.parameters = [this.#words, this.#positions, this.#types, this.#norm].flatMap((l) => l.parameters)
  }

  get words(): ParameterSpec {
    return this.#words.parameters[0]
  }

  /** ids [B,T] → [B,T,H] */
  apply(forward: Forward, { ids, typeIds }: TokenInputs): Value {
    const { hidden_size: width, hidden_dropout_prob } = this.config
    const length = ids.shape[1]
    const types = typeIds
      ? this.#types.at(forward, typeIds)
      : reshape(this.#types.range(forward, 0, 1), [width])
    const positions =
      typeof length === 'number'
        ? this.#positions.range(forward, 0, length)
        : this.#positions.at(forward, axisPositions(ids, 1))
    const sum = add(add(this.#words.at(forward, ids), types), positions)
    return dropout(forward, `${this.name}.dropout`, this.#norm.apply(forward, sum), hidden_dropout_prob)
  }
}

class BertLayer {
  readonly #attention: SelfAttention
  readonly #attentionOutput: LinearLayer
  readonly #attentionNorm: LayerNormLayer
  readonly #intermediate: LinearLayer
  readonly #output: LinearLayer
  readonly #outputNorm: LayerNormLayer
  readonly #activation: (x: Value) => Value
  readonly parameters: readonly ParameterSpec[]

  constructor(
    readonly name: string,
    readonly config: BertConfig,
  ) {
    const { hidden_size: width, intermediate_size: inner, initializer_range: std, layer_norm_eps } = config
    this.#attention = new SelfAttention(
      `${name}.attention.self`,
      width,
      config.num_attention_heads,
      config.attention_probs_dropout_prob,
      std,
    )
    this.#attentionOutput = new LinearLayer(`${name}.attention.output.dense`, width, width, std)
    this.#attentionNorm = new LayerNormLayer(`${name}.attention.output.LayerNorm`, width, layer_norm_eps)
    this.#intermediate = new LinearLayer(`${name}.intermediate.dense`, width, inner, std)
    this.#output = new LinearLayer(`${name}.output.dense`, inner, width, std)
    this.#outputNorm = new LayerNormLayer(`${name}.output.LayerNorm`, width, layer_norm_eps)
    this.#activation = activationNamed(config.hidden_act, 'hidden_act')
    this.parameters = [
      this.#attention,
      this.#attentionOutput,
      this.#attentionNorm,
      this.#intermediate,
      this.#output,
      this.#outputNorm,
    ].flatMap((layer) => layer.parameters)
  }

  /** x [B,T,H] → [B,T,H] */
  apply(forward: Forward, x: Value, bias: Value): Value {
    const { name, config } = this
    const { graph } = forward
    const residual = (site: string, y: Value, onto: Value) =>
      add(dropout(forward, `${site}.dropout`, y, config.hidden_dropout_prob), onto)
    const attended = graph.scope(
      `${name}.attention`,
      () => {
        const context = this.#attention.apply(forward, x, bias)
        const projected = this.#attentionOutput.apply(forward, context)
        return this.#attentionNorm.apply(forward, residual(`${name}.attention.output`, projected, x))
      },
      true,
    )
    return graph.scope(
      name,
      () => {
        const inner = this.#activation(this.#intermediate.apply(forward, attended))
        const projected = this.#output.apply(forward, inner)
        return this.#outputNorm.apply(forward, residual(`${name}.output`, projected, attended))
      },
      true,
    )
  }
}

class BertEncoder implements Encoder {
  readonly basePrefix = 'bert.'
  readonly parameters: readonly ParameterSpec[]
  readonly wordEmbeddings: ParameterSpec
  readonly #embeddings: BertEmbeddings
  readonly #layers: readonly BertLayer[]

  constructor(readonly config: BertConfig) {
    const { hidden_size: width } = config
    if (width % config.num_attention_heads !== 0)
      throw new UserError(
        'bad-config',
        `hidden_size (${width}) must be a multiple of num_attention_heads (${config.num_attention_heads}).`,
        { where: { field: 'num_attention_heads' } },
      )
    if (config.pad_token_id >= config.vocab_size)
      throw new UserError('bad-config', 'pad_token_id lies outside the vocabulary.', {
        where: { field: 'pad_token_id' },
      })
    this.#embeddings = new BertEmbeddings('bert.embeddings', config)
    this.wordEmbeddings = this.#embeddings.words
    this.#layers = Array.from(
      { length: config.num_hidden_layers },
      (_, i) => new BertLayer(`bert.encoder.layer.${i}`, config),
    )
    this.parameters = [this.#embeddings, ...this.#layers].flatMap((part) => part.parameters)
  }

  get width(): number {
    return this.config.hidden_size
  }
  get vocabSize(): number {
    return this.config.vocab_size
  }
  get maxPositions(): number {
    return this.config.max_position_embeddings
  }
  get typeVocabSize(): number {
    return this.config.type_vocab_size
  }
  get padTokenId(): number {
    return this.config.pad_token_id
  }
  get numLayers(): number {
    return this.config.num_hidden_layers
  }

  layerOf(parameter: string): number {
    if (parameter.startsWith('bert.embeddings.')) return 0
    const layer = /^bert\.encoder\.layer\.(\d+)\./.exec(parameter)
    return layer ? Number(layer[1]) + 1 : this.numLayers + 1
  }

  forward(forward: Forward, inputs: TokenInputs): Value {
    let x = forward.graph.scope('bert.embeddings', () => this.#embeddings.apply(forward, inputs))
    for (const layer of this.#layers) x = layer.apply(forward, x, inputs.attentionBias)
    return x
  }
}

/** The first token through the pooler (a square layer and tanh), then one row a label. */
class BertSequenceHead implements Head {
  readonly labelsPrefix = 'classifier.'
  readonly parameters: readonly ParameterSpec[]
  readonly #pooler: LinearLayer
  readonly #classifier: LinearLayer
  readonly #dropProbability: number

  constructor({ initializer_range: std, ...config }: BertConfig, { width }: Encoder, numLabels: number) {
    this.#pooler = new LinearLayer('bert.pooler.dense', width, width, std)
    this.#classifier = new LinearLayer('classifier', width, numLabels, std)
    this.parameters = [...this.#pooler.parameters, ...this.#classifier.parameters]
    this.#dropProbability = config.classifier_dropout ?? config.hidden_dropout_prob
  }

  forward(forward: Forward, hidden: Value): Value {
    const { graph } = forward
    const pooled = graph.scope('bert.pooler', () => tanh(this.#pooler.apply(forward, select(hidden, 1, 0))))
    return graph.scope('classifier', () =>
      this.#classifier.apply(forward, dropout(forward, 'dropout', pooled, this.#dropProbability)),
    )
  }
}

export const bert = architecture({
  id: 'bert',
  label: 'BERT',
  help: 'A bidirectional encoder; classifies by its first token.',
  config: BertConfig,
  describe: (config) => `bert, ${config.num_hidden_layers} layers × ${config.hidden_size}`,
  encoder: (config) => new BertEncoder(config),
  heads: {
    'sequence-classification': {
      className: 'BertForSequenceClassification',
      create: (config, encoder, numLabels) => new BertSequenceHead(config, encoder, numLabels),
    },
  },
})
