/** Batch normalisation (Ioffe & Szegedy 2015) of rows, as PyTorch's BatchNorm1d on [N,C]. */
import type { Value } from '../ir/graph'
import { staticDim } from '../ir/shape'
import { add, addScalar, mul, reciprocal, scale, sqrt, sub } from '../ops/elementwise'
import { reshape } from '../ops/movement'
import { reduceMean } from '../ops/reduce'
import { type Forward, type Layer, UPDATE_PREFIX } from './layer'
import type { ParameterSpec } from './parameter'

export class BatchNormLayer implements Layer {
  readonly parameters: readonly [ParameterSpec, ParameterSpec, ParameterSpec, ParameterSpec]

  constructor(
    readonly name: string,
    readonly width: number,
    /** Share of the newest batch in the running statistics. */
    readonly momentum: number,
    readonly epsilon: number,
  ) {
    const vector = (of: string, kind: 'ones' | 'zeros') => ({
      name: `${name}.${of}`,
      shape: [width],
      initializer: { kind },
      gradient: 'dense' as const,
    })
    this.parameters = [
      vector('weight', 'ones'),
      vector('bias', 'zeros'),
      { ...vector('running_mean', 'zeros'), isBuffer: true },
      { ...vector('running_var', 'ones'), isBuffer: true },
    ]
  }

  /**
   * x [N,C] → [N,C]: by the batch's own mean and biased variance in training, which also outputs the running statistics
   * after it (the variance unbiased); by the running statistics otherwise.
   */
  apply({ graph, training }: Forward, x: Value): Value {
    const { momentum, epsilon, width } = this
    const [weight, bias, runningMean, runningVariance] = this.parameters.map(({ name, shape, isBuffer }) =>
      graph.param(name, shape, { trainable: isBuffer !== true }),
    ) as [Value, Value, Value, Value]
    let [mean, variance] = [runningMean, runningVariance]
    if (training) {
      const rows = staticDim(x.shape, 0)
      mean = reduceMean(x, [0])
      const difference = sub(x, mean)
      variance = reduceMean(mul(difference, difference), [0])
      const update = (of: ParameterSpec, running: Value, batch: Value) =>
        graph.output(UPDATE_PREFIX + of.name, reshape(add(scale(running, 1 - momentum), batch), [width]))
      update(this.parameters[2], runningMean, scale(mean, momentum))
      update(this.parameters[3], runningVariance, scale(variance, (momentum * rows) / (rows - 1)))
    }
    const factor = mul(reciprocal(sqrt(addScalar(variance, epsilon))), weight)
    return add(mul(sub(x, mean), factor), bias)
  }
}
