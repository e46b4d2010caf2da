/** Sums, means and maxima over axes. */
import type { Value } from '../ir/graph'
import type { EmitContext, Emitter, TensorType } from '../ir/operator'
import { normalizeAxis, type Shape, ShapeError, sizeOf, staticDim, staticShape } from '../ir/shape'
import { apply, defineOp, floatType } from './define'
import { cast, div, equal, mul, scale } from './elementwise'
import { expand, reshape } from './movement'

interface ReduceAttrs {
  axes: readonly number[]
  keepdims: boolean
  readonly [key: string]: readonly number[] | boolean
}

function reducedType(inputs: readonly TensorType[], { axes, keepdims }: ReduceAttrs): TensorType {
  const { dtype, shape } = floatType(inputs)
  const kept = shape.map((d, i) => (axes.includes(i) ? 1 : d))
  return { dtype, shape: keepdims ? kept : kept.filter((_, i) => !axes.includes(i)) }
}

function emitReduce(type: string): (e: Emitter, n: EmitContext<ReduceAttrs>) => void {
  return (e, n) =>
    e.node(type, [e.use(n.input(0)), e.ints(n.attrs.axes)], [e.define(n.outputs[0]!)], {
      keepdims: n.attrs.keepdims ? 1 : 0,
    })
}

function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((d, i) => (axes.includes(i) ? 1 : d))
}

/** g, back at the rank of x and broadcast to its shape. */
function spread(g: Value, x: Value, axes: readonly number[]): Value {
  return expand(reshape(g, keptShape(x.shape, axes)), staticShape(x.shape))
}

export const ReduceSum = defineOp<ReduceAttrs>('ReduceSum', {
  shape: reducedType,
  emit: emitReduce('ReduceSum'),
  grad: ({ g, input, attrs: { axes } }) => [() => spread(g, input(0), axes)],
})
export const ReduceMean = defineOp<ReduceAttrs>('ReduceMean', {
  shape: reducedType,
  emit: emitReduce('ReduceMean'),
  grad: ({ g, input, attrs: { axes } }) => {
    const count = sizeOf(axes.map((a) => staticDim(input(0).shape, a)))
    return [() => spread(scale(g, 1 / count), input(0), axes)]
  },
})
/** Largest along axes; a gradient is shared evenly among equal maxima. */
export const ReduceMax = defineOp<ReduceAttrs>('ReduceMax', {
  shape: reducedType,
  emit: emitReduce('ReduceMax'),
  grad: ({ g, input, outputs, attrs: { axes } }) => [
    () => {
      const x = input(0)
      const kept = keptShape(x.shape, axes)
      const hit = cast(equal(x, reshape(outputs[0]!, kept)), x.dtype)
      return mul(hit, div(reshape(g, kept), reduceSum(hit, axes, true)))
    },
  ],
})

/**
 * All leading axes summed away: x [..,N] → alpha·Σ rows (+ c [N]), as a product with a row of ones,
 * which is faster in ONNX Runtime than ReduceSum over rows.
 */
export const SumRows = defineOp<{ alpha: number }>('SumRows', {
  optional: [1],
  shape: (inputs) => {
    const width = staticDim(inputs[0]!.shape, -1)
    if (inputs[1] && (inputs[1].shape.length !== 1 || inputs[1].shape[0] !== width))
      throw new ShapeError(`input 1 must be [${width}]`)
    return { dtype: 'float32', shape: [width] }
  },
  emit: (e, n) => {
    const [x, c] = [n.input(0), n.inputs[1]]
    const width = staticDim(x.shape, -1)
    const rows = sizeOf(x.shape) / width
    const names = [e.ones(rows), e.view(x, [rows, width]), ...(c ? [e.use(c)] : [])]
    e.node('Gemm', names, [e.define(n.outputs[0]!, [1, width])], { alpha: { float: n.attrs.alpha } })
  },
  grad: ({ g, input, inputs, attrs: { alpha } }) => [
    () => expand(scale(g, alpha), staticShape(input(0).shape)),
    inputs[1] && g,
  ],
})

function normalized(x: Value, axes: readonly number[]): number[] {
  return axes.map((a) => normalizeAxis(a, x.shape.length)).sort((a, b) => a - b)
}
function allAxes(x: Value): number[] {
  return x.shape.map((_, i) => i)
}

/** Sum over the axes, all of them by default. */
export function reduceSum(x: Value, axes: readonly number[] = allAxes(x), keepdims = false): Value {
  return axes.length === 0 ? x : apply(ReduceSum, [x], { axes: normalized(x, axes), keepdims })
}
export function reduceMean(x: Value, axes: readonly number[] = allAxes(x), keepdims = false): Value {
  return axes.length === 0 ? x : apply(ReduceMean, [x], { axes: normalized(x, axes), keepdims })
}
export function reduceMax(x: Value, axes: readonly number[] = allAxes(x), keepdims = false): Value {
  return axes.length === 0 ? x : apply(ReduceMax, [x], { axes: normalized(x, axes), keepdims })
}
/** alpha·Σ over all axes but the last (+ c). */
export function sumRows(x: Value, alpha = 1, c?: Value): Value {
  return apply(SumRows, c ? [x, c] : [x], { alpha })
}
