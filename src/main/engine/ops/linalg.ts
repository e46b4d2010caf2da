/** Matrix products. Gradients are again products with other transposes; scales ride along as alpha. */
import type { Value } from '../ir/graph'
import type { Emitter, TensorType } from '../ir/operator'
import { broadcastShapes, isStatic, type Shape, ShapeError, sizeOf, staticDim } from '../ir/shape'
import { apply, defineOp, requireRank, requireType } from './define'
import { scale } from './elementwise'
import { reshape } from './movement'
import { sumRows } from './reduce'

function float32s(inputs: readonly (TensorType | undefined)[]): void {
  inputs.forEach((x, i) => x && requireType(inputs as readonly TensorType[], i, 'float32'))
}

function requireInner(a: unknown, b: unknown): void {
  if (a !== b) throw new ShapeError(`inner dimensions ${String(a)} and ${String(b)} differ`)
}

function requireBroadcastable(c: TensorType | undefined, out: Shape): void {
  if (c && broadcastShapes(c.shape, out).some((d, i) => d !== out[i]))
    throw new ShapeError(`input 2 does not broadcast to [${out.join(',')}]`)
}

/** alpha·A·B + beta·C on 2-D inputs, each of A and B transposed on demand; C broadcasts. */
export const Gemm = defineOp<{ transA: boolean; transB: boolean; alpha: number; beta: number }>('Gemm', {
  optional: [2],
  shape: (inputs, { transA, transB }) => {
    float32s(inputs)
    const [a, b, c] = [inputs[0]!, inputs[1]!, inputs[2]]
    requireRank(a, 0, 2)
    requireRank(b, 1, 2)
    const [m, k] = transA ? [a.shape[1]!, a.shape[0]] : [a.shape[0]!, a.shape[1]]
    const [kb, n] = transB ? [b.shape[1], b.shape[0]!] : [b.shape[0], b.shape[1]!]
    requireInner(k, kb)
    requireBroadcastable(c, [m, n])
    return { dtype: 'float32', shape: [m, n] }
  },
  emit: (e, n) => {
    const { transA, transB, alpha, beta } = n.attrs
    const names = n.inputs.filter((v) => v !== undefined).map((v) => e.use(v))
    const width = n.outputs[0]!.shape[1]!
    const isFirst = transA && Number(width) >= e.target.transposeFirst
    if (isFirst)
      names[0] = e.shared(`transposed ${names[0]!}`, () => e.op('Transpose', [names[0]!], { perm: [1, 0] }))
    const attrs = gemmAttrs(transA && !isFirst, transB, alpha, names.length > 2 ? beta : 1)
    e.node('Gemm', names, [e.define(n.outputs[0]!)], attrs)
  },
  // y = αA'B' + βC: gA' = αgB'ᵀ, gB' = αA'ᵀg, gC = βg
  grad: ({ g, input, attrs: { transA, transB, alpha, beta } }) => [
    () =>
      transA
        ? gemm(input(1), g, { transA: transB, transB: true, alpha })
        : gemm(g, input(1), { transB: !transB, alpha }),
    () =>
      transB
        ? gemm(g, input(0), { transA: true, transB: transA, alpha })
        : gemm(input(0), g, { transA: !transA, alpha }),
    () => scale(g, beta),
  ],
})

/**
 * alpha·x·W + beta·C on the last axis: x [..,K], W [K,N] (or [N,K] with transW, the layout of PyTorch's
 * Linear), C a bias [N] or anything that broadcasts to [..,N].
 */
export const Linear = defineOp<{ transW: boolean; alpha: number; beta: number }>('Linear', {
  optional: [2],
  shape: (inputs, { transW }) => {
    float32s(inputs)
    const [x, w, c] = [inputs[0]!, inputs[1]!, inputs[2]]
    requireRank(w, 1, 2)
    requireRank(x, 0, 1, 8)
    requireInner(x.shape.at(-1), w.shape[transW ? 1 : 0])
    const shape = x.shape.with(-1, w.shape[transW ? 0 : 1]!)
    requireBroadcastable(c, shape)
    return { dtype: 'float32', shape }
  },
  emit: (e, n) => {
    const [x, w, c] = [n.input(0), n.input(1), n.inputs[2]]
    const out = n.outputs[0]!
    const { transW, alpha, beta } = n.attrs
    if (!isStatic(x.shape)) {
      emitSymbolicLinear(e, n.attrs, x, w, c, out)
      return
    }
    const [k, width] = [staticDim(x.shape, -1), staticDim(out.shape, -1)]
    const rows = sizeOf(x.shape) / k
    const names = [e.view(x, [rows, k]), e.use(w)]
    if (c)
      names.push(c.shape.length > 1 && sizeOf(c.shape) === rows * width ? e.view(c, [rows, width]) : e.use(c))
    e.node('Gemm', names, [e.define(out, [rows, width])], gemmAttrs(false, transW, alpha, c ? beta : 1))
  },
  grad: ({ g, input, inputs, attrs: { transW, alpha, beta } }) => {
    const flat = (v: Value) => reshape(v, [sizeOf(v.shape) / staticDim(v.shape, -1), staticDim(v.shape, -1)])
    const c = inputs[2]
    return [
      () => linear(g, input(1), undefined, { transW: !transW, alpha }),
      () =>
        transW
          ? gemm(flat(g), flat(input(0)), { transA: true, alpha })
          : gemm(flat(input(0)), flat(g), { transA: true, alpha }),
      c &&
        (() => (c.shape.length === 1 && c.shape[0] === g.shape.at(-1) ? sumRows(g, beta) : scale(g, beta))),
    ]
  },
})

function emitSymbolicLinear(
  e: Emitter,
  { transW, alpha, beta }: { transW: boolean; alpha: number; beta: number },
  x: Value,
  w: Value,
  c: Value | undefined,
  out: Value,
): void {
  const weight = transW ? e.op('Transpose', [e.use(w)], { perm: [1, 0] }) : e.use(w)
  const scaled = alpha === 1 ? weight : e.op('Mul', [weight, e.scalar(alpha)])
  if (!c) {
    e.node('MatMul', [e.use(x), scaled], [e.define(out)])
    return
  }
  const bias = beta === 1 ? e.use(c) : e.op('Mul', [e.use(c), e.scalar(beta)])
  e.node('Add', [e.op('MatMul', [e.use(x), scaled]), bias], [e.define(out)])
}

function gemmAttrs(transA: boolean, transB: boolean, alpha: number, beta: number) {
  return {
    ...(transA && { transA: 1 }),
    ...(transB && { transB: 1 }),
    ...(alpha !== 1 && { alpha: { float: alpha } }),
    ...(beta !== 1 && { beta: { float: beta } }),
  }
}

/** alpha·A·B over the last two axes, leading axes broadcast; each transposed (last two axes) on demand. */
export const MatMul = defineOp<{ transA: boolean; transB: boolean; alpha: number }>('MatMul', {
  shape: (inputs, { transA, transB }) => {
    float32s(inputs)
    const [a, b] = [inputs[0]!, inputs[1]!]
    requireRank(a, 0, 2, 8)
    requireRank(b, 1, 2, 8)
    requireInner(a.shape.at(transA ? -2 : -1), b.shape.at(transB ? -1 : -2))
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2))
    return {
      dtype: 'float32',
      shape: [...batch, a.shape.at(transA ? -1 : -2)!, b.shape.at(transB ? -2 : -1)!],
    }
  },
  emit: (e, n) => {
    const [a, b] = [n.input(0), n.input(1)]
    emitMatMul(e, [e.use(a), a.shape.length], [e.use(b), b.shape.length], n.attrs, e.define(n.outputs[0]!))
  },
  // y = αA'B': gA' = αgB'ᵀ, gB' = αA'ᵀg
  grad: ({ g, input, attrs: { transA, transB, alpha } }) => [
    () =>
      transA
        ? batchMatMul(input(1), g, { transA: transB, transB: true, alpha })
        : batchMatMul(g, input(1), { transB: !transB, alpha }),
    () =>
      transB
        ? batchMatMul(g, input(0), { transA: true, transB: transA, alpha })
        : batchMatMul(input(0), g, { transA: !transA, alpha }),
  ],
})

/** Emits a product of named inputs of given ranks, fused where the provider can. Returns the result's name. */
export function emitMatMul(
  e: Emitter,
  [a, rankA]: readonly [string, number],
  [b, rankB]: readonly [string, number],
  { transA = false, transB = false, alpha = 1 }: { transA?: boolean; transB?: boolean; alpha?: number },
  out?: string,
): string {
  const emit = (type: string, inputs: string[], attrs = {}) => {
    if (!out) return e.op(type, inputs, attrs)
    e.node(type, inputs, [out], attrs)
    return out
  }
  if (!transA && !transB && alpha === 1) return emit('MatMul', [a, b])
  if (e.target.fusedMatMul)
    return emit('com.microsoft:FusedMatMul', [a, b], {
      transA: transA ? 1 : 0,
      transB: transB ? 1 : 0,
      alpha: { float: alpha },
    })
  const swapped = (rank: number) =>
    Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i))
  const left = transA ? e.op('Transpose', [a], { perm: swapped(rankA) }) : a
  const right = transB ? e.op('Transpose', [b], { perm: swapped(rankB) }) : b
  if (alpha === 1) return emit('MatMul', [left, right])
  return emit('Mul', [e.op('MatMul', [left, right]), e.scalar(alpha)])
}

export interface MatMulOptions {
  transA?: boolean
  transB?: boolean
  alpha?: number
}

export function gemm(a: Value, b: Value, options: MatMulOptions & { c?: Value; beta?: number } = {}): Value {
  const { transA = false, transB = false, alpha = 1, beta = 1, c } = options
  return apply(Gemm, c ? [a, b, c] : [a, b], { transA, transB, alpha, beta })
}

/** x [..,K] · W [K,N] (+ bias [N]); `transW` where W is [N,K]. */
export function linear(
  x: Value,
  w: Value,
  bias?: Value,
  { transW = false, alpha = 1, beta = 1 }: { transW?: boolean; alpha?: number; beta?: number } = {},
): Value {
  return apply(Linear, bias ? [x, w, bias] : [x, w], { transW, alpha, beta })
}

/** A·B with leading axes broadcast; a 2-D right side makes it a linear layer (one product over all rows). */
export function matMul(a: Value, b: Value, options: MatMulOptions = {}): Value {
  const { transA = false, transB = false, alpha = 1 } = options
  if (a.shape.length > 2 && b.shape.length === 2 && !transA)
    return linear(a, b, undefined, { transW: transB, alpha })
  return batchMatMul(a, b, options)
}

function batchMatMul(a: Value, b: Value, options: MatMulOptions): Value {
  const { transA = false, transB = false, alpha = 1 } = options
  return apply(MatMul, [a, b], { transA, transB, alpha })
}
