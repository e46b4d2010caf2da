/** Multi-head self-attention (Vaswani et al. 2017). */
import type { Value } from '../ir/graph'
import { staticShape } from '../ir/shape'
import { attention } from '../ops/attention'
import { reshape, transpose } from '../ops/movement'
import { dropoutMask, type Forward, type Layer, LinearLayer } from './layer'
import type { ParameterSpec } from './parameter'

/** Names of the projections to queries, keys and values. */
export type ProjectionNames = readonly [query: string, key: string, value: string]

export interface SelfAttentionSettings {
  width: number
  heads: number
  /** Probability of dropping an attention probability. */
  attentionDropout: number
  std: number
}

export class SelfAttention implements Layer {
  readonly parameters: readonly ParameterSpec[]
  readonly #projections: readonly [LinearLayer, LinearLayer, LinearLayer]

  constructor(
    readonly name: string,
    [query, key, value]: ProjectionNames,
    readonly settings: SelfAttentionSettings,
  ) {
    const { width, std } = settings
    const layer = (projection: string) => new LinearLayer(`${name}.${projection}`, width, width, std)
    this.#projections = [layer(query), layer(key), layer(value)]
    this.parameters = this.#projections.flatMap((projection) => projection.parameters)
  }

  /** x [B,T,H], bias broadcast to the scores [B,A,T,T] → context [B,T,H]; `site` names the dropout. */
  apply(forward: Forward, x: Value, bias: Value, site = this.name): Value {
    const { heads, width, attentionDropout: probability } = this.settings
    const [B, T] = [x.shape[0]!, x.shape[1]!]
    const split = (layer: LinearLayer) =>
      transpose(reshape(layer.apply(forward, x), [B, T, heads, width / heads]), [0, 2, 1, 3])
    const [query, key, value] = this.#projections
    const mask = () =>
      dropoutMask(forward.graph, `${site}.dropout`, staticShape([B, heads, T, T]), probability)
    const { context } = attention(split(query), split(key), split(value), {
      bias,
      ...(forward.training && probability > 0 && { dropout: { mask: mask(), probability } }),
    })
    return reshape(transpose(context, [0, 2, 1, 3]), [B, T, width])
  }
}
