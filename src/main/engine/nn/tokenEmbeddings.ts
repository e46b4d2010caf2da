/** Embeddings of tokens, positions and token types, summed and normalised: the first module of BERT and its kin. */
import type { Value } from '../ir/graph'
import { scalar } from '../ops/constant'
import { add } from '../ops/elementwise'
import { reshape } from '../ops/movement'
import { axisPositions } from '../ops/position'
import { dropout, EmbeddingLayer, type Forward, type Layer, LayerNormLayer } from './layer'
import type { ParameterSpec } from './parameter'

export interface TokenEmbeddingsSettings {
  vocabSize: number
  width: number
  /** Rows of the position table. */
  positions: number
  /** Position of a row's first token; 0 but in RoBERTa, where the padding token's row and those below stay unused. */
  firstPosition?: number
  /** 0: no token types. */
  typeVocabSize: number
  padTokenId: number | null
  epsilon: number
  dropProbability: number
  std: number
}

export class TokenEmbeddings implements Layer {
  readonly parameters: readonly ParameterSpec[]
  readonly #words: EmbeddingLayer
  readonly #positions: EmbeddingLayer
  readonly #types: EmbeddingLayer | undefined
  readonly #norm: LayerNormLayer
  readonly #firstPosition: number

  constructor(
    readonly name: string,
    readonly settings: TokenEmbeddingsSettings,
  ) {
    const { vocabSize, width, positions, firstPosition, typeVocabSize, padTokenId, epsilon, std } = settings
    const table = (of: string, rows: number, paddingRow?: number) =>
      new EmbeddingLayer(`${name}.${of}_embeddings`, rows, width, std, paddingRow)
    this.#words = table('word', vocabSize, padTokenId ?? undefined)
    this.#positions = table(
      'position',
      positions,
      firstPosition === undefined ? undefined : firstPosition - 1,
    )
    this.#types = typeVocabSize > 0 ? table('token_type', typeVocabSize) : undefined
    this.#norm = new LayerNormLayer(`${name}.LayerNorm`, width, epsilon)
    this.#firstPosition = firstPosition ?? 0
    const layers = [this.#words, this.#positions, this.#types, this.#norm]
    this.parameters = layers.flatMap((layer) => layer?.parameters ?? [])
  }

  get words(): ParameterSpec {
    return this.#words.parameters[0]
  }

  /** Tokens a row may have. */
  get maxPositions(): number {
    return this.settings.positions - this.#firstPosition
  }

  /** ids [B,T], types [B,T] where they are not all 0 → [B,T,H] */
  apply(forward: Forward, ids: Value, typeIds?: Value): Value {
    const { wordNoise } = forward
    const clean = this.#words.at(forward, ids)
    const words = wordNoise ? add(clean, wordNoise) : clean
    const typed = this.#types ? add(words, this.#typesAt(forward, this.#types, typeIds)) : words
    const sum = add(typed, this.#positionsOf(forward, ids))
    const { dropProbability } = this.settings
    return dropout(forward, `${this.name}.dropout`, this.#norm.apply(forward, sum), dropProbability)
  }

  #typesAt(forward: Forward, table: EmbeddingLayer, typeIds: Value | undefined): Value {
    return typeIds ? table.at(forward, typeIds) : reshape(table.range(forward, 0, 1), [this.settings.width])
  }

  #positionsOf(forward: Forward, ids: Value): Value {
    const length = ids.shape[1]
    const first = this.#firstPosition
    if (typeof length === 'number') return this.#positions.range(forward, first, first + length)
    const counted = axisPositions(ids, 1)
    const positions = first === 0 ? counted : add(counted, scalar(forward.graph, first, 'int64'))
    return this.#positions.at(forward, positions)
  }
}
