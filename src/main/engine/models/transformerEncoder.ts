/** The trunk of BERT and its kin: embeddings, perhaps a projection to the width of the layers, and the layers. */
import type { Value } from '../ir/graph'
import type { EncoderLayer } from '../nn/encoderLayer'
import type { Forward, LinearLayer } from '../nn/layer'
import type { ParameterSpec } from '../nn/parameter'
import type { TokenEmbeddings } from '../nn/tokenEmbeddings'
import type { Encoder, TokenInputs } from './architecture'

export interface EncoderParts {
  basePrefix: string
  embeddings: TokenEmbeddings
  /** Where the embeddings are narrower than the layers. */
  projection?: LinearLayer
  layers: readonly EncoderLayer[]
  /** Indices of the layers in the order they are applied, where some are shared; default: each once. */
  order?: readonly number[]
}

export class TransformerEncoder implements Encoder {
  readonly basePrefix: string
  readonly width: number
  readonly parameters: readonly ParameterSpec[]
  readonly #parts: EncoderParts
  readonly #layerOf = new Map<string, number>()

  constructor(parts: EncoderParts, width: number) {
    const { embeddings, projection, layers } = parts
    this.#parts = parts
    this.basePrefix = parts.basePrefix
    this.width = width
    const bottom = [...embeddings.parameters, ...(projection?.parameters ?? [])]
    this.parameters = [...bottom, ...layers.flatMap((layer) => layer.parameters)]
    for (const { name } of bottom) this.#layerOf.set(name, 0)
    layers.forEach((layer, i) => layer.parameters.forEach(({ name }) => this.#layerOf.set(name, i + 1)))
  }

  get vocabSize(): number {
    return this.#parts.embeddings.settings.vocabSize
  }
  get maxPositions(): number {
    return this.#parts.embeddings.maxPositions
  }
  get typeVocabSize(): number {
    return this.#parts.embeddings.settings.typeVocabSize
  }
  get padTokenId(): number {
    return this.#parts.embeddings.settings.padTokenId ?? 0
  }
  get wordEmbeddings(): ParameterSpec {
    return this.#parts.embeddings.words
  }
  get numLayers(): number {
    return this.#parts.layers.length
  }

  layerOf(parameter: string): number {
    return this.#layerOf.get(parameter) ?? this.numLayers + 1
  }

  forward(forward: Forward, { ids, typeIds, attentionBias }: TokenInputs): Value {
    const { embeddings, projection, layers, order } = this.#parts
    let x = forward.graph.scope(embeddings.name, () => {
      const embedded = embeddings.apply(forward, ids, typeIds)
      return projection ? projection.apply(forward, embedded) : embedded
    })
    if (!order) for (const layer of layers) x = layer.apply(forward, x, attentionBias)
    else
      order.forEach(
        (index, i) =>
          (x = layers[index]!.apply(forward, x, attentionBias, `${layers[index]!.name}.use_${i}`)),
      )
    return x
  }
}
