/** A bag of embeddings (Joulin et al. 2016): the mean of the row's token vectors, one row a label. */
import { z } from 'zod'
import type { Value } from '../ir/graph'
import { dropout, EmbeddingLayer, type Forward, LinearLayer } from '../nn/layer'
import type { ParameterSpec } from '../nn/parameter'
import { div, mul } from '../ops/elementwise'
import { reduceSum } from '../ops/reduce'
import { architecture, type Encoder, type Head, type TokenInputs } from './architecture'
import { probability, requirePadInVocabulary } from './configFields'
import { EMBEDDING_STD, keptTokens, plainFields, wordsAt } from './plainTokens'

const BagConfig = z.looseObject({ ...plainFields, dropout: probability.default(0) })
type BagConfig = z.output<typeof BagConfig>

class BagEncoder implements Encoder {
  readonly basePrefix = ''
  readonly typeVocabSize = 0
  readonly numLayers = 0
  readonly parameters: readonly ParameterSpec[]
  readonly #words: EmbeddingLayer

  constructor(readonly config: BagConfig) {
    const { vocab_size, embedding_size, pad_token_id } = config
    requirePadInVocabulary(pad_token_id, vocab_size)
    this.#words = new EmbeddingLayer('embeddings', vocab_size, embedding_size, EMBEDDING_STD, pad_token_id)
    this.parameters = this.#words.parameters
  }

  get width(): number {
    return this.config.embedding_size
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
    return parameter.startsWith('embeddings.') ? 0 : 1
  }

  forward(forward: Forward, { ids }: TokenInputs): Value {
    return forward.graph.scope('embeddings', () => wordsAt(forward, this.#words, ids))
  }
}

class BagHead implements Head {
  readonly labelsPrefix = 'classifier.'
  readonly parameters: readonly ParameterSpec[]
  readonly #output: LinearLayer

  constructor(
    readonly config: BagConfig,
    { width }: Encoder,
    numLabels: number,
  ) {
    this.#output = new LinearLayer('classifier', width, numLabels, Math.sqrt(1 / width))
    this.parameters = this.#output.parameters
  }

  /** [B,T,H] → [B,C] */
  forward(forward: Forward, hidden: Value, { attentionBias }: TokenInputs): Value {
    const kept = keptTokens(attentionBias)
    const mean = div(reduceSum(mul(hidden, kept), [1]), reduceSum(kept, [1]))
    return forward.graph.scope('classifier', () =>
      this.#output.apply(forward, dropout(forward, 'dropout', mean, this.config.dropout)),
    )
  }
}

export const bagOfEmbeddings = architecture({
  id: 'tunesmith-bag-of-embeddings',
  label: 'Bag of embeddings',
  help: "The mean of the tokens' vectors: the smallest honest baseline, in the studio's own format, which Transformers does not load.",
  isOwnFormat: true,
  config: BagConfig,
  describe: (config) => `tunesmith-bag-of-embeddings, ${config.embedding_size} wide`,
  encoder: (config) => new BagEncoder(config),
  heads: {
    'sequence-classification': {
      className: 'TunesmithBagOfEmbeddings',
      create: (config, encoder, numLabels) => new BagHead(config, encoder, numLabels),
    },
  },
})
