/** The heads of the encoders, each as its family's classes in Transformers 5.24 compute it. */
import { UserError } from '../../../shared/errors'
import type { Value } from '../ir/graph'
import { dropout, type Forward, LayerNormLayer, LinearLayer } from '../nn/layer'
import type { ParameterSpec } from '../nn/parameter'
import type { Dim } from '../ir/shape'
import { softmax } from '../ops/activation'
import { linear, matMul } from '../ops/linalg'
import { reshape, select } from '../ops/movement'
import type { Encoder, Head } from './architecture'

export interface FirstTokenSettings {
  /** Names of the square layer and of the one that gives the logits. */
  names: readonly [dense: string, output: string]
  activation: (x: Value) => Value
  /** Before the square layer; default 0. */
  inputDropout?: number
  /** Before the output. */
  dropout: number
  std: number
}

/** First token → square layer → activation → one row a label. */
export class FirstTokenHead implements Head {
  readonly parameters: readonly ParameterSpec[]
  readonly labelsPrefix: string
  readonly #dense: LinearLayer
  readonly #output: LinearLayer

  constructor(
    { width }: Encoder,
    numLabels: number,
    readonly settings: FirstTokenSettings,
  ) {
    const [dense, output] = settings.names
    this.labelsPrefix = `${output}.`
    this.#dense = new LinearLayer(dense, width, width, settings.std)
    this.#output = new LinearLayer(output, width, numLabels, settings.std)
    this.parameters = [...this.#dense.parameters, ...this.#output.parameters]
  }

  /** [B,T,H] → [B,C] */
  forward(forward: Forward, hidden: Value): Value {
    const { names, activation, inputDropout = 0, dropout: outputDropout } = this.settings
    const pooled = forward.graph.scope(names[0], () => {
      const first = select(hidden, 1, 0)
      const mixed = forward.mix ? forward.mix(first) : first
      return activation(this.#dense.apply(forward, dropout(forward, 'dropout.input', mixed, inputDropout)))
    })
    return forward.graph.scope(names[1], () =>
      this.#output.apply(forward, dropout(forward, 'dropout', pooled, outputDropout)),
    )
  }
}

/** Every token → one row a label. */
export class TokenHead implements Head {
  readonly labelsPrefix = 'classifier.'
  readonly parameters: readonly ParameterSpec[]
  readonly #output: LinearLayer

  constructor(
    { width }: Encoder,
    numLabels: number,
    readonly settings: { dropout: number; std: number },
  ) {
    this.#output = new LinearLayer('classifier', width, numLabels, settings.std)
    this.parameters = this.#output.parameters
  }

  /** [B,T,H] → [B,T,C] */
  forward(forward: Forward, hidden: Value): Value {
    return forward.graph.scope('classifier', () =>
      this.#output.apply(forward, dropout(forward, 'dropout', hidden, this.settings.dropout)),
    )
  }
}

/** The mean of a row's vectors, as sentence encoders pool them (Reimers and Gurevych 2019). */
export const meanPoolingHead: Head = {
  parameters: [],
  /** [B,T,H] → [B,H]: the softmax of the bias is the same for every token that is no padding. */
  forward(_forward, hidden, { attentionBias }) {
    const [rows, length, width] = hidden.shape as [Dim, Dim, Dim]
    const weights = softmax(reshape(attentionBias, [rows, 1, length]))
    return reshape(matMul(weights, hidden), [rows, width])
  },
}

export interface MaskedLmSettings {
  /** Names of the layer to the embeddings' width, its norm, and the bias of the tokens. */
  names: readonly [dense: string, norm: string, bias: string]
  /** What files may call the decoder, whose weight is the table of the tokens. */
  decoder: string
  activation: (x: Value) => Value
  epsilon: number
  std: number
  /** tie_word_embeddings of the config. */
  isTied: boolean
}

/** Vectors → layer, activation, norm → product with the table of the tokens (Press & Wolf 2017) and a bias. */
export class MaskedLmHead implements Head {
  readonly parameters: readonly ParameterSpec[]
  readonly tied: Readonly<Record<string, string>>
  readonly #dense: LinearLayer
  readonly #norm: LayerNormLayer
  readonly #bias: ParameterSpec
  readonly #table: ParameterSpec

  constructor(
    { width, wordEmbeddings }: Encoder,
    readonly settings: MaskedLmSettings,
  ) {
    const { names, decoder, epsilon, std, isTied } = settings
    if (!isTied)
      throw new UserError('unsupported', 'A masked-language head with a table of its own is not built.', {
        where: { field: 'tie_word_embeddings' },
        hint: 'Only models whose head shares the token embeddings can be used for masked-lm.',
      })
    const [vocabSize, embeddingWidth] = wordEmbeddings.shape as [number, number]
    this.#dense = new LinearLayer(names[0], width, embeddingWidth, std)
    this.#norm = new LayerNormLayer(names[1], embeddingWidth, epsilon)
    this.#bias = { name: names[2], shape: [vocabSize], initializer: { kind: 'zeros' }, gradient: 'dense' }
    this.#table = wordEmbeddings
    this.parameters = [...this.#dense.parameters, ...this.#norm.parameters, this.#bias]
    this.tied = { [`${decoder}.weight`]: wordEmbeddings.name, [`${decoder}.bias`]: names[2] }
  }

  /** [N,H] → [N,V] */
  forward(forward: Forward, hidden: Value): Value {
    const { graph } = forward
    const valueOf = ({ name, shape, gradient }: ParameterSpec) => graph.param(name, shape, { gradient })
    return graph.scope(this.settings.decoder, () => {
      const transformed = this.settings.activation(this.#dense.apply(forward, hidden))
      const table = valueOf(this.#table)
      return linear(this.#norm.apply(forward, transformed), table, valueOf(this.#bias), { transW: true })
    })
  }
}
