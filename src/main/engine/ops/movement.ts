/** Moving elements without arithmetic. Reshape costs nothing: emission keeps values in whatever form they are held. */
import { hostArray } from '../ir/dtype'
import type { Value } from '../ir/graph'
import {
  type Dim,
  isStatic,
  normalizeAxis,
  sameSize,
  type Shape,
  ShapeError,
  sizeOf,
  staticDim,
  staticShape,
} from '../ir/shape'
import { constant, full } from './constant'
import { apply, applyAll, defineOp, requireType, sameType } from './define'

export const Identity = defineOp('Identity', {
  shape: sameType,
  emit: (e, n) => e.alias(n.outputs[0]!, n.input(0)),
  grad: ({ g }) => [g],
})

export const Reshape = defineOp<{ shape: Shape }>('Reshape', {
  shape: ([x], { shape }) => {
    if (!sameSize(x!.shape, shape)) throw new ShapeError(`cannot reshape to [${shape.join(',')}]`)
    return { dtype: x!.dtype, shape }
  },
  emit: (e, n) => e.alias(n.outputs[0]!, n.input(0)),
  grad: ({ g, input }) => [() => reshape(g, input(0).shape)],
})

export const Transpose = defineOp<{ perm: readonly number[] }>('Transpose', {
  shape: ([x], { perm }) => {
    const { dtype, shape } = x!
    if (perm.length !== shape.length || [...perm].sort((a, b) => a - b).some((p, i) => p !== i))
      throw new ShapeError(`perm [${perm.join(',')}] does not fit`)
    return { dtype, shape: perm.map((p) => shape[p]!) }
  },
  emit: (e, n) => e.node('Transpose', [e.use(n.input(0))], [e.define(n.outputs[0]!)], { perm: n.attrs.perm }),
  grad: ({ g, attrs: { perm } }) => [
    () =>
      transpose(
        g,
        perm.map((_, i) => perm.indexOf(i)),
      ),
  ],
})

export const Split = defineOp<{ axis: number; sizes: readonly number[] }>('Split', {
  shape: ([x], { axis, sizes }) => {
    const { dtype, shape } = x!
    if (sizes.reduce((a, b) => a + b, 0) !== shape[axis])
      throw new ShapeError(`sizes [${sizes.join(',')}] do not add up to axis ${axis}`)
    return sizes.map((size) => ({ dtype, shape: shape.with(axis, size) }))
  },
  emit: (e, n) => {
    const outs = n.outputs.map((v) => e.define(v))
    e.node('Split', [e.use(n.input(0)), e.ints(n.attrs.sizes)], outs, { axis: n.attrs.axis })
  },
  grad: ({ gs, outputs, attrs: { axis } }) => [
    () =>
      concat(
        gs.map((g, i) => g ?? zerosLike(outputs[i]!)),
        axis,
      ),
  ],
})

export const Concat = defineOp<{ axis: number }>('Concat', {
  shape: (inputs, { axis }) => {
    const { dtype, shape } = inputs[0]!
    inputs.forEach((x, i) => {
      if (
        x.dtype !== dtype ||
        x.shape.length !== shape.length ||
        x.shape.some((d, a) => a !== axis && d !== shape[a])
      )
        throw new ShapeError(`input ${i} does not fit input 0 off axis ${axis}`)
    })
    return {
      dtype,
      shape: shape.with(
        axis,
        inputs.reduce((sum, x) => sum + staticDim(x.shape, axis), 0),
      ),
    }
  },
  emit: (e, n) => {
    const names = n.inputs.map((_, i) => e.use(n.input(i)))
    e.node('Concat', names, [e.define(n.outputs[0]!)], { axis: n.attrs.axis })
  },
  grad: ({ g, inputs, attrs: { axis } }) => {
    let start = 0
    return inputs.map((x) => {
      const from = start
      start += staticDim(x!.shape, axis)
      return () => slice(g, axis, from, from + staticDim(x!.shape, axis))
    })
  },
})

export const Slice = defineOp<{ axis: number; start: number; end: number }>('Slice', {
  shape: ([x], { axis, start, end }) => {
    const size = x!.shape[axis]!
    if (start < 0 || end <= start || (typeof size === 'number' && end > size))
      throw new ShapeError(`cannot take ${start}..${end} of axis ${axis}`)
    return { dtype: x!.dtype, shape: x!.shape.with(axis, end - start) }
  },
  emit: (e, n) => {
    const { axis, start, end } = n.attrs
    const inputs = [e.use(n.input(0)), e.ints([start]), e.ints([end]), e.ints([axis])]
    e.node('Slice', inputs, [e.define(n.outputs[0]!)])
  },
  grad: ({ g, input, attrs: { axis, start, end } }) => [
    () => pad(g, axis, start, staticDim(input(0).shape, axis) - end),
  ],
})

/** Zeros before and after along one axis. */
export const Pad = defineOp<{ axis: number; before: number; after: number }>('Pad', {
  shape: ([x], { axis, before, after }) => {
    if (before < 0 || after < 0) throw new ShapeError('padding must not be negative')
    return { dtype: x!.dtype, shape: x!.shape.with(axis, staticDim(x!.shape, axis) + before + after) }
  },
  emit: (e, n) => {
    const { axis, before, after } = n.attrs
    const rank = n.input(0).shape.length
    const pads = new Array<number>(2 * rank).fill(0)
    pads[axis] = before
    pads[rank + axis] = after
    e.node('Pad', [e.use(n.input(0)), e.ints(pads)], [e.define(n.outputs[0]!)])
  },
  grad: ({ g, input, attrs: { axis, before } }) => [
    () => slice(g, axis, before, before + staticDim(input(0).shape, axis)),
  ],
})

/** Broadcast to a larger shape. */
export const Expand = defineOp<{ shape: readonly number[] }>('Expand', {
  shape: ([x], { shape }) => {
    const from = x!.shape
    if (
      from.length > shape.length ||
      from.some((d, i) => d !== 1 && d !== shape[i - from.length + shape.length])
    )
      throw new ShapeError(`cannot expand to [${shape.join(',')}]`)
    return { dtype: x!.dtype, shape }
  },
  emit: (e, n) => e.node('Expand', [e.use(n.input(0)), e.ints(n.attrs.shape)], [e.define(n.outputs[0]!)]),
  grad: ({ g }) => [g],
})

/** data indexed along an axis: [P.., N, S..] and indices [I..] give [P.., I.., S..]. */
export const Gather = defineOp<{ axis: number }>('Gather', {
  shape: (inputs, { axis }) => {
    const data = inputs[0]!
    const indices = requireType(inputs, 1, 'int32', 'int64')
    return {
      dtype: data.dtype,
      shape: [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)],
    }
  },
  emit: (e, n) => {
    e.node('Gather', [e.use(n.input(0)), e.use(n.input(1))], [e.define(n.outputs[0]!)], {
      axis: n.attrs.axis,
    })
  },
  grad: ({ g, input, attrs: { axis } }) => [
    () => scatterAdd(g, input(1), axis, staticShape(input(0).shape)),
    undefined,
  ],
})

/**
 * The transpose of Gather: updates [P.., I.., S..] added into zeros of `shape` [P.., N, S..] at indices [I..].
 * By ScatterElements: ONNX Runtime's ScatterND loses updates on repeated indices with several threads.
 */
export const ScatterAdd = defineOp<{ axis: number; shape: readonly number[] }>('ScatterAdd', {
  shape: (inputs, { axis, shape }) => {
    const indices = requireType(inputs, 1, 'int32', 'int64').shape
    const wanted = [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)]
    if (!sameSize(wanted, inputs[0]!.shape)) throw new ShapeError(`updates must be [${wanted.join(',')}]`)
    return { dtype: 'float32', shape }
  },
  emit: (e, n) => {
    const { axis, shape } = n.attrs
    const [before, after] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))]
    const count = sizeOf(n.input(1).shape)
    const block = e.ints([before, count, after])
    const indices = e.op('Expand', [e.view(n.input(1), [1, count, 1]), block])
    const zeros = e.op('Expand', [e.scalar(0), e.ints([before, shape[axis]!, after])])
    const updates = e.view(n.input(0), [before, count, after])
    const out = e.define(n.outputs[0]!, [before, shape[axis]!, after])
    e.node('ScatterElements', [zeros, indices, updates], [out], { axis: 1, reduction: 'add' })
  },
  grad: ({ g, input, attrs: { axis } }) => [() => gather(g, input(1), axis), undefined],
})

export function identity(x: Value): Value {
  return apply(Identity, [x], {})
}

/** The same elements under another shape; one dimension may be −1 where all others are numbers. */
export function reshape(x: Value, shape: Shape): Value {
  const target = inferMinusOne(x.shape, shape)
  if (x.shape.length === target.length && x.shape.every((d, i) => d === target[i])) return x
  return apply(Reshape, [x], { shape: target })
}

function inferMinusOne(from: Shape, to: Shape): Shape {
  const at = to.indexOf(-1)
  if (at < 0) return to
  const rest = to.filter((_, i) => i !== at)
  const left: Dim[] = [...from]
  for (const symbol of rest.filter((d) => typeof d === 'string')) {
    const found = left.indexOf(symbol)
    if (found >= 0) left.splice(found, 1)
  }
  const known = sizeOf(rest.filter((d) => typeof d === 'number'))
  const symbols = left.filter((d) => typeof d === 'string')
  const numbers = sizeOf(left.filter((d) => typeof d === 'number'))
  if (symbols.length === 1 && numbers === known) return to.with(at, symbols[0]!)
  if (!isStatic(left)) throw new ShapeError(`cannot infer −1 from [${from.join(',')}]`)
  return to.with(at, numbers / known)
}

export function transpose(x: Value, perm: readonly number[]): Value {
  return perm.every((p, i) => p === i) ? x : apply(Transpose, [x], { perm })
}

/** Pieces of the given sizes, or `sizes` equal pieces, along an axis. */
export function split(x: Value, sizes: readonly number[] | number, axis: number): readonly Value[] {
  const at = normalizeAxis(axis, x.shape.length)
  const pieces =
    typeof sizes === 'number' ? new Array<number>(sizes).fill(staticDim(x.shape, at) / sizes) : sizes
  return applyAll(Split, [x], { axis: at, sizes: pieces })
}

export function concat(xs: readonly Value[], axis: number): Value {
  return xs.length === 1 ? xs[0]! : apply(Concat, xs, { axis: normalizeAxis(axis, xs[0]!.shape.length) })
}

/** Positions start..end−1 of an axis. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const at = normalizeAxis(axis, x.shape.length)
  return start === 0 && end === x.shape[at] ? x : apply(Slice, [x], { axis: at, start, end })
}

/** One position of an axis, which disappears: x [B,T,H], axis 1 → [B,H]. */
export function select(x: Value, axis: number, index: number): Value {
  const at = normalizeAxis(axis, x.shape.length)
  return reshape(slice(x, at, index, index + 1), x.shape.toSpliced(at, 1))
}

export function pad(x: Value, axis: number, before: number, after: number): Value {
  const at = normalizeAxis(axis, x.shape.length)
  return before === 0 && after === 0 ? x : apply(Pad, [x], { axis: at, before, after })
}

export function expand(x: Value, shape: readonly number[]): Value {
  return apply(Expand, [x], { shape })
}

export function gather(data: Value, indices: Value, axis = 0): Value {
  return apply(Gather, [data, indices], { axis: normalizeAxis(axis, data.shape.length) })
}

export function scatterAdd(updates: Value, indices: Value, axis: number, shape: readonly number[]): Value {
  return apply(ScatterAdd, [updates, indices], { axis, shape })
}

/** 0, 1, … n−1 as int32 [n]. */
export function arange(x: Value, n: number): Value {
  return constant(
    x.graph,
    'int32',
    [n],
    hostArray(
      'int32',
      Array.from({ length: n }, (_, i) => i),
    ),
  )
}

export function zerosLike(x: Value): Value {
  return full(x.graph, x.dtype, staticShape(x.shape), 0)
}
