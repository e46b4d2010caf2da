/** Positions along an axis, also where its length is a symbol. */
import { hostArray } from '../ir/dtype'
import type { Value } from '../ir/graph'
import { apply, defineOp } from './define'

/** 0, 1, … n−1 as int64 [n], n the length of an axis of the input. */
export const AxisPositions = defineOp<{ axis: number }>('AxisPositions', {
  shape: ([x], { axis }) => ({ dtype: 'int64', shape: [x!.shape[axis]!] }),
  emit: (e, n) => {
    const { axis } = n.attrs
    const out = n.outputs[0]!
    const length = out.shape[0]
    if (typeof length === 'number') {
      const positions = Array.from({ length }, (_, i) => i)
      e.bind(out, e.constant('int64', [length], hostArray('int64', positions)))
      return
    }
    const size = e.op('Shape', [e.use(n.input(0))], { start: axis, end: axis + 1 })
    const count = e.op('Squeeze', [size, e.ints([0])])
    e.node('Range', [e.scalar(0, 'int64'), count, e.scalar(1, 'int64')], [e.define(out)])
  },
  grad: 'none',
})

export function axisPositions(x: Value, axis: number): Value {
  return apply(AxisPositions, [x], { axis })
}
