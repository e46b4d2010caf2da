/** Normalisation over the last axis. Statistics are outputs: the gradient needs them. */
import type { Value } from '../ir/graph'
import { ShapeError, sizeOf, staticDim } from '../ir/shape'
import { apply, defineOp, floatType, lazy } from './define'
import { add, mul, sub } from './elementwise'
import { gemm, linear } from './linalg'
import { reshape } from './movement'
import { sumRows } from './reduce'

/**
 * (x − mean)/√(var + ε)·w + b over the last axis, biased variance (Ba et al. 2016; PyTorch's LayerNorm).
 * x [..,H], w [H], b [H] → y [..,H], mean [..,1], 1/√(var + ε) [..,1].
 */
export const LayerNormalization = defineOp<{ epsilon: number }>('LayerNormalization', {
  shape: (inputs) => {
    const { dtype, shape } = floatType(inputs)
    const width = shape.at(-1)
    for (const i of [1, 2])
      if (inputs[i]!.shape.length !== 1 || inputs[i]!.shape[0] !== width)
        throw new ShapeError(`input ${i} must be [${String(width)}]`)
    const statistic = { dtype, shape: shape.with(-1, 1) }
    return [{ dtype, shape }, statistic, statistic]
  },
  emit: (e, n) => {
    const { name, shape } = e.held(n.input(0))
    const [y, mean, inverse] = n.outputs
    const outputs = [
      e.define(y!, shape),
      e.define(mean!, shape.with(-1, 1)),
      e.define(inverse!, shape.with(-1, 1)),
    ]
    e.node('LayerNormalization', [name, e.use(n.input(1)), e.use(n.input(2))], outputs, {
      axis: -1,
      epsilon: { float: n.attrs.epsilon },
    })
  },
  /*
   * With s = 1/σ, p = g∘x, m1 = mean(g∘w), m2 = s·(mean(p∘w) − mean·m1):
   * gx = s·(g∘w) − s²m2·x + s(s·m2·mean − m1), gw = Σ s·p − Σ s·mean·g, gb = Σ g.
   * Row statistics are products with a column, so five passes over [R,H] remain.
   */
  grad: ({ g, input, outputs }) => {
    const [x, w] = [input(0), input(1)]
    const [mean, inverse] = [outputs[1]!, outputs[2]!]
    const width = staticDim(x.shape, -1)
    const rows = sizeOf(x.shape) / width
    const product = lazy(() => mul(g, x))
    const column = (v: Value) => linear(v, reshape(w, [width, 1]), undefined, { alpha: 1 / width })
    const weigh = (row: Value, v: Value, alpha: number, c?: Value) =>
      gemm(reshape(row, [1, rows]), reshape(v, [rows, width]), { alpha, ...(c && { c }) })
    return [
      () => {
        const m1 = column(g)
        const m2 = mul(inverse, sub(column(product()), mul(mean, m1)))
        const slope = mul(mul(inverse, inverse), m2)
        const offset = sub(mul(slope, mean), mul(inverse, m1))
        return add(sub(mul(mul(g, w), inverse), mul(x, slope)), offset)
      },
      () => reshape(weigh(inverse, product(), 1, weigh(mul(inverse, mean), g, -1)), [width]),
      () => sumRows(g),
    ]
  },
})

/** x/√(mean(x²) + ε)·w over the last axis (Zhang & Sennrich 2019). x [..,H], w [H] → y [..,H], 1/rms [..,1]. */
export const RMSNormalization = defineOp<{ epsilon: number }>('RMSNormalization', {
  shape: (inputs) => {
    const { dtype, shape } = floatType(inputs)
    if (inputs[1]!.shape.length !== 1 || inputs[1]!.shape[0] !== shape.at(-1))
      throw new ShapeError(`input 1 must be [${String(shape.at(-1))}]`)
    return [
      { dtype, shape },
      { dtype, shape: shape.with(-1, 1) },
    ]
  },
  emit: (e, n) => {
    const x = n.input(0)
    const axis = e.ints([x.shape.length - 1])
    const name = e.use(x)
    const square = e.op('ReduceMean', [e.op('Mul', [name, name]), axis], { keepdims: 1 })
    const inverse = e.define(n.outputs[1]!)
    const root = e.op('Sqrt', [e.op('Add', [square, e.scalar(n.attrs.epsilon)])])
    e.node('Reciprocal', [root], [inverse])
    e.node('Mul', [e.op('Mul', [name, inverse]), e.use(n.input(1))], [e.define(n.outputs[0]!)])
  },
  // gx = r·(g∘w) − r³·mean(g∘w∘x)·x, gw = Σ r·g∘x
  grad: ({ g, input, outputs }) => {
    const [x, w, inverse] = [input(0), input(1), outputs[1]!]
    const width = staticDim(x.shape, -1)
    const rows = sizeOf(x.shape) / width
    const product = lazy(() => mul(g, x))
    return [
      () => {
        const m = linear(product(), reshape(w, [width, 1]), undefined, { alpha: 1 / width })
        const slope = mul(mul(inverse, mul(inverse, inverse)), m)
        return sub(mul(mul(g, w), inverse), mul(x, slope))
      },
      () => reshape(gemm(reshape(inverse, [1, rows]), reshape(product(), [rows, width])), [width]),
    ]
  },
})

export function layerNorm(x: Value, w: Value, b: Value, epsilon: number): Value {
  return apply(LayerNormalization, [x, w, b], { epsilon })
}
export function rmsNorm(x: Value, w: Value, epsilon: number): Value {
  return apply(RMSNormalization, [x, w], { epsilon })
}
