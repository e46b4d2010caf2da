/** Neighbours along an axis: what convolutions read. */
import type { Value } from '../ir/graph'
import { normalizeAxis } from '../ir/shape'
import { apply, defineOp, sameType } from './define'

/** Positions along an axis moved by `offset`, zeros where none come in: y[i] = x[i + offset]. Also where its length is a symbol. */
export const Shift = defineOp<{ axis: number; offset: number }>('Shift', {
  shape: sameType,
  emit: (e, n) => {
    const { axis, offset } = n.attrs
    const rank = n.input(0).shape.length
    const pads = new Array<number>(2 * rank).fill(0)
    pads[offset < 0 ? axis : rank + axis] = Math.abs(offset)
    const padded = e.op('Pad', [e.use(n.input(0)), e.ints(pads)])
    const [start, end] = offset < 0 ? [0, offset] : [offset, Number.MAX_SAFE_INTEGER]
    const inputs = [padded, e.ints([start]), e.ints([end]), e.ints([axis])]
    e.node('Slice', inputs, [e.define(n.outputs[0]!)])
  },
  grad: ({ g, attrs: { axis, offset } }) => [() => shift(g, axis, -offset)],
})

export function shift(x: Value, axis: number, offset: number): Value {
  return offset === 0 ? x : apply(Shift, [x], { axis: normalizeAxis(axis, x.shape.length), offset })
}
