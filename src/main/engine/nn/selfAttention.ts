/** Multi-head self-attention (Vaswani et al. 2017) with the names of Transformers' BertSelfAttention. */
import type { Value } from '../ir/graph'
import { staticShape } from '../ir/shape'
import { attention } from '../ops/attention'
import { reshape, transpose } from '../ops/movement'
import { dropoutMask, type Forward, type Layer, LinearLayer } from './layer'
import type { ParameterSpec } from './parameter'

export class SelfAttention implements Layer {
  readonly parameters: readonly ParameterSpec[]
  readonly #query: LinearLayer
  readonly #key: LinearLayer
  readonly #value: LinearLayer

  constructor(
    readonly name: string,
    readonly width: number,
    readonly heads: number,
    readonly dropProbability: number,
    std: number,
  ) {
    this.#query = new LinearLayer(`${name}.query`, width, width, std)
    this.#key = new LinearLayer(`${name}.key`, width, width, std)
    this.#value = new LinearLayer(`${name}.value`, width, width, std)
    this.parameters = [this.#query, this.#key, this.#value].flatMap((layer) => layer.parameters)
  }

  /** x [B,T,H], bias broadcast to the scores [B,A,T,T] → context [B,T,H] */
  apply(forward: Forward, x: Value, bias: Value): Value {
    const { heads, width } = this
    const [B, T] = [x.shape[0]!, x.shape[1]!]
    const split = (layer: LinearLayer) =>
      transpose(reshape(layer.apply(forward, x), [B, T, heads, width / heads]), [0, 2, 1, 3])
    const [q, k, v] = [split(this.#query), split(this.#key), split(this.#value)]
    const { context } = attention(q, k, v, {
      bias,
      ...(forward.training &&
        this.dropProbability > 0 && {
          dropout: {
            mask: dropoutMask(
              forward.graph,
              `${this.name}.dropout`,
              staticShape([B, heads, T, T]),
              this.dropProbability,
            ),
            probability: this.dropProbability,
          },
        }),
    })
    return reshape(transpose(context, [0, 2, 1, 3]), [B, T, width])
  }
}
