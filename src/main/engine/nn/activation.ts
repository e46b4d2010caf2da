/** Activations by the names of Transformers' config files (ACT2FN). */
import { UserError } from '../../../shared/errors'
import type { Value } from '../ir/graph'
import { scalar } from '../ops/constant'
import { erf, gelu, relu, sigmoid, silu, softplus, tanh } from '../ops/activation'
import { addScalar, affine, max, min, mul, scale, sqrt } from '../ops/elementwise'

const tanhGelu = (x: Value) => gelu(x, 'tanh')
const atMost = (x: Value, most: number) => min(x, scalar(x.graph, most))
const relu6 = (x: Value) => atMost(relu(x), 6)
/** Mean and deviation of the normal distribution whose sum `laplace` is (Ma et al. 2022). */
const LAPLACE = { mean: 0.707107, deviation: 0.282095 }

const ACTIVATIONS: Readonly<Record<string, (x: Value) => Value>> = {
  gelu,
  gelu_python: gelu,
  gelu_new: tanhGelu,
  gelu_fast: tanhGelu,
  gelu_pytorch_tanh: tanhGelu,
  gelu_python_tanh: tanhGelu,
  gelu_accurate: tanhGelu,
  gelu_10: (x) => atMost(max(gelu(x), scalar(x.graph, -10)), 10),
  quick_gelu: (x) => mul(x, sigmoid(scale(x, 1.702))),
  relu,
  relu2: (x) => mul(relu(x), relu(x)),
  relu6,
  leaky_relu: (x) => max(x, scale(x, 0.01)),
  hardswish: (x) => mul(x, scale(relu6(addScalar(x, 3)), 1 / 6)),
  mish: (x) => mul(x, tanh(softplus(x))),
  laplace: (x) => {
    const width = LAPLACE.deviation * Math.SQRT2
    return affine(erf(affine(x, 1 / width, -LAPLACE.mean / width)), 0.5, 0.5)
  },
  sqrtsoftplus: (x) => sqrt(softplus(x)),
  silu,
  swish: silu,
  sigmoid,
  tanh,
  linear: (x) => x,
}

/** @throws UserError `unsupported` naming the config field. */
export function activationNamed(name: string, field: string): (x: Value) => Value {
  const activation = ACTIVATIONS[name]
  if (!activation)
    throw new UserError('unsupported', `The activation ${name} is not built.`, {
      where: { field },
      hint: `Known: ${Object.keys(ACTIVATIONS).join(', ')}.`,
    })
  return (x) => activation(x)
}
