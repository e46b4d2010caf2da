/** A text CNN (Kim 2014) with batch normalisation: windows over tokens, the largest of each filter, one row a label. */
import { z } from 'zod'
import type { Value } from '../ir/graph'
import { BatchNormLayer } from '../nn/batchNorm'
import { TokenConvolution } from '../nn/convolution'
import { dropout, EmbeddingLayer, type Forward, LinearLayer } from '../nn/layer'
import type { ParameterSpec } from '../nn/parameter'
import { relu } from '../ops/activation'
import { add, mul } from '../ops/elementwise'
import { concat } from '../ops/movement'
import { reduceMax } from '../ops/reduce'
import { architecture, type Encoder, type Head, type TokenInputs } from './architecture'
import { probability, requirePadInVocabulary, size } from './configFields'
import { EMBEDDING_STD, keptTokens, paddingScores, plainFields, wordsAt } from './plainTokens'

const TextCnnConfig = z.looseObject({
  ...plainFields,
  /** Tokens under each kind of filter. */
  window_sizes: z.array(size).min(1).default([3, 4, 5]),
  /** Filters of each kind. */
  num_filters: size.default(128),
  dropout: probability.default(0.5),
  batch_norm_momentum: z.number().positive().max(1).default(0.1),
  batch_norm_eps: z.number().positive().default(1e-5),
})
type TextCnnConfig = z.output<typeof TextCnnConfig>

class TextCnnEncoder implements Encoder {
  readonly basePrefix = ''
  readonly typeVocabSize = 0
  readonly numLayers = 1
  readonly parameters: readonly ParameterSpec[]
  readonly #words: EmbeddingLayer
  readonly #convolutions: readonly TokenConvolution[]

  constructor(readonly config: TextCnnConfig) {
    const { vocab_size, embedding_size, pad_token_id, window_sizes, num_filters } = config
    requirePadInVocabulary(pad_token_id, vocab_size)
    this.#words = new EmbeddingLayer('embeddings', vocab_size, embedding_size, EMBEDDING_STD, pad_token_id)
    this.#convolutions = window_sizes.map(
      (window, i) => new TokenConvolution(`convolutions.${i}`, window, embedding_size, num_filters),
    )
    this.parameters = [this.#words, ...this.#convolutions].flatMap((layer) => layer.parameters)
  }

  get width(): number {
    return this.config.window_sizes.length * this.config.num_filters
  }
  get vocabSize(): number {
    return this.config.vocab_size
  }
  get maxPositions(): number {
    return this.config.max_position_embeddings
  }
  get padTokenId(): number {
    return this.config.pad_token_id
  }
  get wordEmbeddings(): ParameterSpec {
    return this.#words.parameters[0]
  }

  layerOf(parameter: string): number {
    return parameter.startsWith('embeddings.') ? 0 : parameter.startsWith('convolutions.') ? 1 : 2
  }

  forward(forward: Forward, { ids, attentionBias }: TokenInputs): Value {
    return forward.graph.scope('convolutions', () => {
      const words = mul(wordsAt(forward, this.#words, ids), keptTokens(attentionBias))
      return concat(
        this.#convolutions.map((convolution) => convolution.apply(forward, words)),
        -1,
      )
    })
  }
}

/** The largest value of each filter over the row's tokens → batch normalisation → ReLU → one row a label. */
class TextCnnHead implements Head {
  readonly labelsPrefix = 'classifier.'
  readonly readsWholeBatch = true
  readonly parameters: readonly ParameterSpec[]
  readonly #norm: BatchNormLayer
  readonly #output: LinearLayer

  constructor(
    readonly config: TextCnnConfig,
    { width }: Encoder,
    numLabels: number,
  ) {
    this.#norm = new BatchNormLayer('batch_norm', width, config.batch_norm_momentum, config.batch_norm_eps)
    this.#output = new LinearLayer('classifier', width, numLabels, Math.sqrt(1 / width))
    this.parameters = [...this.#norm.parameters, ...this.#output.parameters]
  }

  /** [B,T,H] → [B,C] */
  forward(forward: Forward, hidden: Value, { attentionBias }: TokenInputs): Value {
    const largest = reduceMax(add(hidden, paddingScores(attentionBias)), [1])
    const pooled = forward.graph.scope('batch_norm', () => relu(this.#norm.apply(forward, largest)))
    return forward.graph.scope('classifier', () =>
      this.#output.apply(forward, dropout(forward, 'dropout', pooled, this.config.dropout)),
    )
  }
}

export const textCnn = architecture({
  id: 'tunesmith-text-cnn',
  label: 'Text CNN',
  help: "Windows of tokens with batch normalisation: a quick baseline in the studio's own format, which Transformers does not load.",
  isOwnFormat: true,
  config: TextCnnConfig,
  describe: (config) =>
    `tunesmith-text-cnn, windows ${config.window_sizes.join(', ')} × ${config.num_filters}`,
  encoder: (config) => new TextCnnEncoder(config),
  heads: {
    'sequence-classification': {
      className: 'TunesmithTextCnn',
      create: (config, encoder, numLabels) => new TextCnnHead(config, encoder, numLabels),
    },
  },
})
