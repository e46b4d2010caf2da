/** Activations by the names of Transformers' config files (ACT2FN). */
import { UserError } from '../../../shared/errors'
import type { Value } from '../ir/graph'
import { gelu, relu, sigmoid, silu, tanh } from '../ops/activation'
import { mul, scale } from '../ops/elementwise'

const tanhGelu = (x: Value) => gelu(x, 'tanh')

const ACTIVATIONS: Readonly<Record<string, (x: Value) => Value>> = {
  gelu,
  gelu_python: gelu,
  gelu_new: tanhGelu,
  gelu_fast: tanhGelu,
  gelu_pytorch_tanh: tanhGelu,
  gelu_python_tanh: tanhGelu,
  gelu_accurate: tanhGelu,
  quick_gelu: (x) => mul(x, sigmoid(scale(x, 1.702))),
  relu,
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
