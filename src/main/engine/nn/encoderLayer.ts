/** The layer of BERT and its kin: self-attention, then two linear layers, each normalised after its residual sum. */
import type { Value } from '../ir/graph'
import { add } from '../ops/elementwise'
import { dropout, type Forward, type Layer, LayerNormLayer, LinearLayer } from './layer'
import type { ParameterSpec } from './parameter'
import { type ProjectionNames, SelfAttention } from './selfAttention'

/** Names of a layer's modules below its own, as the family's files have them. */
export interface EncoderLayerNames {
  /** Module of the three projections. */
  readonly attention: string
  readonly projections: ProjectionNames
  readonly attentionOutput: string
  readonly attentionNorm: string
  readonly inner: string
  readonly outer: string
  readonly outputNorm: string
}

export interface EncoderLayerSettings {
  width: number
  heads: number
  innerWidth: number
  activation: (x: Value) => Value
  epsilon: number
  std: number
  /** On the attention probabilities. */
  attentionDropout: number
  /** On what attention adds to the residual. */
  attentionOutputDropout: number
  /** On what the linear layers add to it. */
  outputDropout: number
}

export class EncoderLayer implements Layer {
  readonly parameters: readonly ParameterSpec[]
  readonly #attention: SelfAttention
  readonly #attentionOutput: LinearLayer
  readonly #attentionNorm: LayerNormLayer
  readonly #inner: LinearLayer
  readonly #outer: LinearLayer
  readonly #outputNorm: LayerNormLayer

  constructor(
    readonly name: string,
    readonly names: EncoderLayerNames,
    readonly settings: EncoderLayerSettings,
  ) {
    const { width, innerWidth, std, epsilon } = settings
    this.#attention = new SelfAttention(`${name}.${names.attention}`, names.projections, settings)
    this.#attentionOutput = new LinearLayer(`${name}.${names.attentionOutput}`, width, width, std)
    this.#attentionNorm = new LayerNormLayer(`${name}.${names.attentionNorm}`, width, epsilon)
    this.#inner = new LinearLayer(`${name}.${names.inner}`, width, innerWidth, std)
    this.#outer = new LinearLayer(`${name}.${names.outer}`, innerWidth, width, std)
    this.#outputNorm = new LayerNormLayer(`${name}.${names.outputNorm}`, width, epsilon)
    this.parameters = [
      this.#attention,
      this.#attentionOutput,
      this.#attentionNorm,
      this.#inner,
      this.#outer,
      this.#outputNorm,
    ].flatMap((layer) => layer.parameters)
  }

  /** x [B,T,H] → [B,T,H]; `site`: where in the model, for layers that stand at several places. */
  apply(forward: Forward, x: Value, bias: Value, site = this.name): Value {
    const { graph } = forward
    const { activation, attentionOutputDropout, outputDropout } = this.settings
    const attended = graph.scope(
      `${site}.attention`,
      () => {
        const context = this.#attention.apply(forward, x, bias, `${site}.${this.names.attention}`)
        const projected = this.#attentionOutput.apply(forward, context)
        const kept = dropout(forward, `${site}.attention.output.dropout`, projected, attentionOutputDropout)
        return this.#attentionNorm.apply(forward, add(kept, x))
      },
      true,
    )
    return graph.scope(
      site,
      () => {
        const projected = this.#outer.apply(forward, activation(this.#inner.apply(forward, attended)))
        const kept = dropout(forward, `${site}.output.dropout`, projected, outputDropout)
        return this.#outputNorm.apply(forward, add(kept, attended))
      },
      true,
    )
  }
}
