/** A convolution over tokens: a linear map of windows of neighbours, zeros beyond the ends. Without a bias: a norm follows. */
import type { Value } from '../ir/graph'
import { linear } from '../ops/linalg'
import { concat } from '../ops/movement'
import { shift } from '../ops/shift'
import type { Forward, Layer } from './layer'
import type { ParameterSpec } from './parameter'

export class TokenConvolution implements Layer {
  readonly parameters: readonly [ParameterSpec]
  readonly #window: number

  /** Weight [out, window·in]: neighbour by neighbour, left to right. */
  constructor(name: string, window: number, inWidth: number, outWidth: number) {
    this.#window = window
    // He et al. 2015: keeps the variance through a ReLU.
    const std = Math.sqrt(2 / (window * inWidth))
    this.parameters = [
      {
        name: `${name}.weight`,
        shape: [outWidth, window * inWidth],
        initializer: { kind: 'normal', std },
        gradient: 'dense',
      },
    ]
  }

  /** x [B,T,in] → [B,T,out] */
  apply({ graph }: Forward, x: Value): Value {
    const [{ name, shape }] = this.parameters
    const left = Math.floor((this.#window - 1) / 2)
    const neighbours = Array.from({ length: this.#window }, (_, i) => shift(x, 1, i - left))
    return linear(concat(neighbours, -1), graph.param(name, shape), undefined, { transW: true })
  }
}
