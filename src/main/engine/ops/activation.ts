/** Activations, exact to float32 rounding against PyTorch's; and softmax over an axis. */
import type { Value } from '../ir/graph'
import type { Emitter } from '../ir/operator'
import { normalizeAxis, ShapeError } from '../ir/shape'
import { apply, defineOp, emitUnary, floatType } from './define'
import { add, addScalar, affine, cast, exp, greater, mul, scale, sub, neg } from './elementwise'
import { scalar } from './constant'
import { reduceSum } from './reduce'

export const Relu = defineOp('Relu', {
  shape: floatType,
  emit: emitUnary('Relu'),
  grad: ({ g, outputs }) => [() => mul(g, cast(greater(outputs[0]!, scalar(g.graph, 0)), g.dtype))],
})
export const Tanh = defineOp('Tanh', {
  shape: floatType,
  emit: emitUnary('Tanh'),
  // tanh' = 1 − tanh²
  grad: ({ g, outputs: [y] }) => [() => mul(g, affine(mul(y!, y!), -1, 1))],
})
export const Sigmoid = defineOp('Sigmoid', {
  shape: floatType,
  emit: emitUnary('Sigmoid'),
  // σ' = σ(1 − σ)
  grad: ({ g, outputs: [y] }) => [() => mul(g, mul(y!, affine(y!, -1, 1)))],
})
export const Erf = defineOp('Erf', {
  shape: floatType,
  emit: emitUnary('Erf'),
  // erf' = 2/√π·exp(−x²)
  grad: ({ g, input }) => [() => mul(g, scale(gaussian(input(0), 1), 2 / Math.sqrt(Math.PI)))],
})
/** log(1 + eˣ) = max(x,0) + log(1 + e^−|x|). */
export const Softplus = defineOp('Softplus', {
  shape: floatType,
  emit: (e, n) => {
    const { name, shape } = e.held(n.input(0))
    const tail = e.op('Log', [e.op('Add', [e.op('Exp', [e.op('Neg', [e.op('Abs', [name])])]), e.scalar(1)])])
    e.node('Add', [e.op('Relu', [name]), tail], [e.define(n.outputs[0]!, shape)])
  },
  grad: ({ g, input }) => [() => mul(g, sigmoid(input(0)))],
})
/** x·σ(x) (Swish). */
export const Silu = defineOp('Silu', {
  shape: floatType,
  emit: (e, n) => {
    const { name, shape } = e.held(n.input(0))
    e.node('Mul', [name, e.op('Sigmoid', [name])], [e.define(n.outputs[0]!, shape)])
  },
  // (xσ)' = σ(1 + x(1 − σ))
  grad: ({ g, input }) => [
    () => {
      const s = sigmoid(input(0))
      return mul(g, mul(s, addScalar(mul(input(0), affine(s, -1, 1)), 1)))
    },
  ],
})
/** x·Φ(x), exact (erf). */
export const Gelu = defineOp('Gelu', {
  shape: floatType,
  emit: (e, n) => {
    const { name, shape } = e.held(n.input(0))
    const out = e.define(n.outputs[0]!, shape)
    if (e.target.fusedActivations) {
      e.node('com.microsoft:Gelu', [name], [out])
      return
    }
    const erf = e.op('Erf', [e.op('Mul', [name, e.scalar(Math.SQRT1_2)])])
    e.node('Mul', [e.op('Mul', [name, e.scalar(0.5)]), e.op('Add', [erf, e.scalar(1)])], [out])
  },
  // Φ(x) + x·φ(x), φ(x) = exp(−x²/2)/√(2π)
  grad: ({ g, input }) => [
    () => {
      const x = input(0)
      const cdf = affine(erf(scale(x, Math.SQRT1_2)), 0.5, 0.5)
      const density = scale(mul(x, gaussian(x, 0.5)), 1 / Math.sqrt(2 * Math.PI))
      return mul(g, add(cdf, density))
    },
  ],
})
/**
 * z·(1 + erf z) and 1 + erf z: GELU without its two factors 1/√2, which the passes fold into the
 * products around it (gelu(x) = erfGate(x/√2)/√2).
 */
export const ErfGate = defineOp('ErfGate', {
  shape: (inputs) => [floatType(inputs), floatType(inputs)],
  emit: (e, n) => {
    const { name, shape } = e.held(n.input(0))
    const gate = e.define(n.outputs[1]!, shape)
    e.node('Add', [e.op('Erf', [name]), e.scalar(1)], [gate])
    e.node('Mul', [name, gate], [e.define(n.outputs[0]!, shape)])
  },
  // (1 + erf z) + z·(2/√π)·exp(−z²), the factor inside the exponent
  grad: ({ g, gs, input, outputs }) => [
    () => {
      if (gs[1]) throw new ShapeError('the gate of an ErfGate is not differentiable by itself')
      const z = input(0)
      const density = exp(affine(mul(z, z), -1, Math.log(2 / Math.sqrt(Math.PI))))
      return mul(g, add(outputs[1]!, mul(z, density)))
    },
  ],
})
/** ½x(1 + tanh(√(2/π)(x + 0.044715x³))): `gelu_new`, `gelu_pytorch_tanh`. */
export const GeluTanh = defineOp('GeluTanh', {
  shape: floatType,
  emit: (e, n) => {
    const { name, shape } = e.held(n.input(0))
    const cubic = e.op('Mul', [e.op('Mul', [name, name]), e.scalar(TANH_B)])
    const inner = e.op('Mul', [name, e.op('Add', [cubic, e.scalar(TANH_A)])])
    const gate = e.op('Add', [e.op('Tanh', [inner]), e.scalar(1)])
    e.node('Mul', [e.op('Mul', [name, e.scalar(0.5)]), gate], [e.define(n.outputs[0]!, shape)])
  },
  // ½(1 + t) + ½x(1 − t²)(a + 3bx²), t = tanh(ax + bx³)
  grad: ({ g, input }) => [
    () => {
      const x = input(0)
      const square = mul(x, x)
      const t = tanh(mul(x, affine(square, TANH_B, TANH_A)))
      const slope = mul(mul(x, affine(mul(t, t), -0.5, 0.5)), affine(square, 3 * TANH_B, TANH_A))
      return mul(g, add(affine(t, 0.5, 0.5), slope))
    },
  ],
})
const TANH_A = Math.sqrt(2 / Math.PI)
const TANH_B = 0.044715 * TANH_A

export const Softmax = defineOp<{ axis: number }>('Softmax', {
  shape: floatType,
  emit: (e, n) => e.node('Softmax', [e.use(n.input(0))], [e.define(n.outputs[0]!)], { axis: n.attrs.axis }),
  // y(g − Σgy)
  grad: ({ g, outputs: [y], attrs: { axis } }) => [
    () => mul(y!, sub(g, reduceSum(mul(g, y!), [axis], true))),
  ],
})
export const LogSoftmax = defineOp<{ axis: number }>('LogSoftmax', {
  shape: floatType,
  emit: (e, n) => emitLogSoftmax(e, e.use(n.input(0)), n.attrs.axis, e.define(n.outputs[0]!)),
  // g − softmax·Σg
  grad: ({ g, outputs: [y], attrs: { axis } }) => [() => sub(g, mul(exp(y!), reduceSum(g, [axis], true)))],
})

/** x − max − log Σ exp(x − max) along an axis, in one node where the provider has it. */
export function emitLogSoftmax(e: Emitter, x: string, axis: number, out: string): void {
  if (e.target.logSoftmax) {
    e.node('LogSoftmax', [x], [out], { axis })
    return
  }
  const axes = e.ints([axis])
  const shifted = e.op('Sub', [x, e.op('ReduceMax', [x, axes], { keepdims: 1 })])
  const sum = e.op('ReduceSum', [e.op('Exp', [shifted]), axes], { keepdims: 1 })
  e.node('Sub', [shifted, e.op('Log', [sum])], [out])
}

/** exp(−k·x²). */
function gaussian(x: Value, k: number): Value {
  return exp(k === 1 ? neg(mul(x, x)) : scale(mul(x, x), -k))
}

export function relu(x: Value): Value {
  return apply(Relu, [x], {})
}
export function tanh(x: Value): Value {
  return apply(Tanh, [x], {})
}
export function sigmoid(x: Value): Value {
  return apply(Sigmoid, [x], {})
}
export function erf(x: Value): Value {
  return apply(Erf, [x], {})
}
export function softplus(x: Value): Value {
  return apply(Softplus, [x], {})
}
export function silu(x: Value): Value {
  return apply(Silu, [x], {})
}
/** GELU: exact, or the tanh approximation. */
export function gelu(x: Value, approximate: 'none' | 'tanh' = 'none'): Value {
  return approximate === 'tanh' ? apply(GeluTanh, [x], {}) : apply(Gelu, [x], {})
}
/** z·(1 + erf z). */
export function erfGate(z: Value): Value {
  return apply(ErfGate, [z], {})
}
export function softmax(x: Value, axis = -1): Value {
  return apply(Softmax, [x], { axis: normalizeAxis(axis, x.shape.length) })
}
export function logSoftmax(x: Value, axis = -1): Value {
  return apply(LogSoftmax, [x], { axis: normalizeAxis(axis, x.shape.length) })
}
