/** Elementwise arithmetic with ONNX broadcasting. Gradients are returned broadcast: the driver sums them down. */
import type { DType } from '../ir/dtype'
import type { Value } from '../ir/graph'
import type { Emitter } from '../ir/operator'
import { broadcastShapes, ShapeError } from '../ir/shape'
import {
  apply,
  broadcastType,
  defineOp,
  elementwiseNames,
  emitElementwise,
  emitUnary,
  floatType,
  requireType,
  sameType,
} from './define'

export const Add = defineOp('Add', {
  shape: broadcastType,
  emit: emitElementwise('Add'),
  grad: ({ g }) => [g, g],
})
export const Sub = defineOp('Sub', {
  shape: broadcastType,
  emit: emitElementwise('Sub'),
  grad: ({ g }) => [g, () => neg(g)],
})
export const Mul = defineOp('Mul', {
  shape: broadcastType,
  emit: emitElementwise('Mul'),
  // (ab)' = a'b + ab'
  grad: ({ g, input }) => [() => mul(g, input(1)), () => mul(g, input(0))],
})
export const Div = defineOp('Div', {
  shape: broadcastType,
  emit: emitElementwise('Div'),
  // (a/b)' = a'/b − b'·(a/b)/b
  grad: ({ g, input, outputs }) => [() => div(g, input(1)), () => neg(div(mul(g, outputs[0]!), input(1)))],
})
/** The larger of two; where they are equal the gradient goes to the first. */
export const Max = defineOp('Max', {
  shape: broadcastType,
  emit: emitElementwise('Max'),
  grad: ({ g, input }) => [
    () => mul(g, cast(greaterOrEqual(input(0), input(1)), g.dtype)),
    () => mul(g, cast(less(input(0), input(1)), g.dtype)),
  ],
})
export const Min = defineOp('Min', {
  shape: broadcastType,
  emit: emitElementwise('Min'),
  grad: ({ g, input }) => [
    () => mul(g, cast(lessOrEqual(input(0), input(1)), g.dtype)),
    () => mul(g, cast(greater(input(0), input(1)), g.dtype)),
  ],
})
/** x^p for a constant p. */
export const Pow = defineOp<{ exponent: number }>('Pow', {
  shape: floatType,
  emit: (e, n) => {
    const { name, shape } = e.held(n.input(0))
    e.node('Pow', [name, e.scalar(n.attrs.exponent)], [e.define(n.outputs[0]!, shape)])
  },
  // (x^p)' = p·x^(p−1)
  grad: ({ g, input, attrs: { exponent } }) => [() => scale(mul(g, pow(input(0), exponent - 1)), exponent)],
})
/** x·factor + offset for constant numbers; folded into neighbouring products by the passes. */
export const Affine = defineOp<{ factor: number; offset: number }>('Affine', {
  shape: floatType,
  emit: (e, n) => {
    const { factor, offset } = n.attrs
    const { name, shape } = e.held(n.input(0))
    const out = e.define(n.outputs[0]!, shape)
    if (factor === -1) e.node('Sub', [e.scalar(offset), name], [out])
    else if (offset === 0) e.node('Mul', [name, e.scalar(factor)], [out])
    else if (factor === 1) e.node('Add', [name, e.scalar(offset)], [out])
    else e.node('Add', [e.op('Mul', [name, e.scalar(factor)]), e.scalar(offset)], [out])
  },
  grad: ({ g, attrs: { factor } }) => [() => scale(g, factor)],
})

export const Neg = defineOp('Neg', {
  shape: sameType,
  emit: emitUnary('Neg'),
  grad: ({ g }) => [() => neg(g)],
})
export const Abs = defineOp('Abs', {
  shape: floatType,
  emit: emitUnary('Abs'),
  grad: ({ g, input }) => [() => mul(g, sign(input(0)))],
})
/** −1, 0 or 1; of Less and Greater, since webgpu has no Sign. */
export const Sign = defineOp('Sign', {
  shape: floatType,
  emit: (e, n) => {
    const { name, shape } = e.held(n.input(0))
    const zero = e.scalar(0)
    const negative = e.op('Where', [e.op('Less', [name, zero]), e.scalar(-1), zero])
    e.node('Where', [e.op('Greater', [name, zero]), e.scalar(1), negative], [e.define(n.outputs[0]!, shape)])
  },
  grad: 'none',
})
export const Exp = defineOp('Exp', {
  shape: floatType,
  emit: emitUnary('Exp'),
  grad: ({ g, outputs }) => [() => mul(g, outputs[0]!)],
})
export const Log = defineOp('Log', {
  shape: floatType,
  emit: emitUnary('Log'),
  grad: ({ g, input }) => [() => div(g, input(0))],
})
export const Sqrt = defineOp('Sqrt', {
  shape: floatType,
  emit: emitUnary('Sqrt'),
  // (√x)' = 1/(2√x)
  grad: ({ g, outputs }) => [() => scale(div(g, outputs[0]!), 0.5)],
})
export const Reciprocal = defineOp('Reciprocal', {
  shape: floatType,
  emit: emitUnary('Reciprocal'),
  // (1/x)' = −(1/x)²
  grad: ({ g, outputs }) => [() => neg(mul(g, mul(outputs[0]!, outputs[0]!)))],
})

const comparison = (type: string) =>
  defineOp(type, {
    shape: (inputs) => ({ dtype: 'bool', shape: broadcastType(inputs).shape }),
    emit: emitElementwise(type),
    grad: 'none',
  })
export const Equal = comparison('Equal')
export const Less = comparison('Less')
export const LessOrEqual = comparison('LessOrEqual')
export const Greater = comparison('Greater')
export const GreaterOrEqual = comparison('GreaterOrEqual')

export const Cast = defineOp<{ to: DType }>('Cast', {
  shape: ([x], { to }) => ({ dtype: to, shape: x!.shape }),
  emit: (e, n) => {
    const { name, shape } = e.held(n.input(0))
    e.node('Cast', [name], [e.define(n.outputs[0]!, shape)], { to: e.dtypeCode(n.attrs.to) })
  },
  grad: ({ g, input }) => {
    const { dtype } = input(0)
    return [dtype === 'float32' || dtype === 'float16' ? () => cast(g, dtype) : undefined]
  },
})
/** condition ? a : b, all three broadcast together. */
export const Where = defineOp('Where', {
  shape: (inputs) => {
    const condition = requireType(inputs, 0, 'bool')
    const { dtype, shape } = broadcastType(inputs.slice(1))
    return { dtype, shape: broadcastShapes(condition.shape, shape) }
  },
  emit: emitElementwise('Where'),
  grad: ({ g, input }) => [undefined, () => maskZero(g, input(0)), () => maskOne(g, input(0))],
})
/** A bool mask as 0 and 1, made once: Cast and Mul take two thirds of ONNX Runtime's Where. */
export function maskFactor(e: Emitter, mask: string): string {
  return e.shared(`factor ${mask}`, () => e.op('Cast', [mask], { to: e.dtypeCode('float32') }))
}

/** x where the mask is true, else 0: dropout without its scale. */
export const MaskZero = defineOp('MaskZero', {
  shape: (inputs) => {
    const mask = requireType(inputs, 1, 'bool')
    const shape = broadcastShapes(inputs[0]!.shape, mask.shape)
    if (inputs[0]!.dtype !== 'float32') throw new ShapeError('only float32 is masked')
    return { dtype: 'float32', shape }
  },
  emit: (e, n) => {
    const out = n.outputs[0]!
    const { names, shape } = elementwiseNames(e, [n.input(0), n.input(1)], out.shape)
    e.node('Mul', [names[0]!, maskFactor(e, names[1]!)], [e.define(out, shape)])
  },
  grad: ({ g, input }) => [() => maskZero(g, input(1)), undefined],
})
/** x where the mask is false, else 0. */
export const MaskOne = defineOp('MaskOne', {
  shape: (inputs) => {
    const mask = requireType(inputs, 1, 'bool')
    return { dtype: floatType(inputs).dtype, shape: broadcastShapes(inputs[0]!.shape, mask.shape) }
  },
  emit: (e, n) => {
    const out = n.outputs[0]!
    const { names, shape } = elementwiseNames(e, [n.input(1), n.input(0)], out.shape)
    e.node('Where', [names[0]!, e.scalar(0), names[1]!], [e.define(out, shape)])
  },
  grad: ({ g, input }) => [() => maskOne(g, input(1)), undefined],
})

export function add(a: Value, b: Value): Value {
  return apply(Add, [a, b], {})
}
export function sub(a: Value, b: Value): Value {
  return apply(Sub, [a, b], {})
}
export function mul(a: Value, b: Value): Value {
  return apply(Mul, [a, b], {})
}
export function div(a: Value, b: Value): Value {
  return apply(Div, [a, b], {})
}
export function max(a: Value, b: Value): Value {
  return apply(Max, [a, b], {})
}
export function min(a: Value, b: Value): Value {
  return apply(Min, [a, b], {})
}
export function pow(x: Value, exponent: number): Value {
  return apply(Pow, [x], { exponent })
}
export function affine(x: Value, factor: number, offset: number): Value {
  return factor === 1 && offset === 0 ? x : apply(Affine, [x], { factor, offset })
}
export function scale(x: Value, factor: number): Value {
  return affine(x, factor, 0)
}
export function addScalar(x: Value, offset: number): Value {
  return affine(x, 1, offset)
}
export function neg(x: Value): Value {
  return apply(Neg, [x], {})
}
export function abs(x: Value): Value {
  return apply(Abs, [x], {})
}
export function sign(x: Value): Value {
  return apply(Sign, [x], {})
}
export function exp(x: Value): Value {
  return apply(Exp, [x], {})
}
export function log(x: Value): Value {
  return apply(Log, [x], {})
}
export function sqrt(x: Value): Value {
  return apply(Sqrt, [x], {})
}
export function reciprocal(x: Value): Value {
  return apply(Reciprocal, [x], {})
}
export function equal(a: Value, b: Value): Value {
  return apply(Equal, [a, b], {})
}
export function less(a: Value, b: Value): Value {
  return apply(Less, [a, b], {})
}
export function lessOrEqual(a: Value, b: Value): Value {
  return apply(LessOrEqual, [a, b], {})
}
export function greater(a: Value, b: Value): Value {
  return apply(Greater, [a, b], {})
}
export function greaterOrEqual(a: Value, b: Value): Value {
  return apply(GreaterOrEqual, [a, b], {})
}
export function cast(x: Value, to: DType): Value {
  return x.dtype === to ? x : apply(Cast, [x], { to })
}
export function where(condition: Value, a: Value, b: Value): Value {
  return apply(Where, [condition, a, b], {})
}
export function maskZero(x: Value, mask: Value): Value {
  return apply(MaskZero, [x, mask], {})
}
export function maskOne(x: Value, mask: Value): Value {
  return apply(MaskOne, [x, mask], {})
}

/** Inverted dropout: x/(1−p) where the mask is true, else 0. `mask` is a fed bool of x's shape. */
export function dropout(x: Value, mask: Value, probability: number): Value {
  return scale(maskZero(x, mask), 1 / (1 - probability))
}
