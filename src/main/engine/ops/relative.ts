/** Where keys stand relative to queries, and which of them a query reads. */
import { hostArray } from '../ir/dtype'
import type { Value } from '../ir/graph'
import { ShapeError } from '../ir/shape'
import { scalar } from './constant'
import { apply, defineOp } from './define'
import { greater, less, where } from './elementwise'

/** What keeps attention off a key: the most negative float32, as Transformers adds it. */
export const MASKED_SCORE = -3.4028234663852886e38

/**
 * Position of each key less that of each query, held within ±limit: q [..,Q,D] and k [..,T,D] → int32 [Q,T]. The last
 * query and the last key are the same token, so that a query may follow keys that were kept from before.
 */
export const RelativePositions = defineOp<{ limit: number }>('RelativePositions', {
  shape: (inputs) => {
    const [q, k] = [inputs[0]!.shape.at(-2), inputs[1]!.shape.at(-2)]
    if (q === undefined || k === undefined) throw new ShapeError('queries and keys need two axes')
    return { dtype: 'int32', shape: [q, k] }
  },
  emit: (e, n) => {
    const { limit } = n.attrs
    const out = n.outputs[0]!
    const [Q, T] = out.shape
    if (typeof Q === 'number' && typeof T === 'number') {
      const at = (i: number) => (i % T) - Math.floor(i / T) - (T - Q)
      const clamped = (x: number) => Math.max(-limit, Math.min(limit, x))
      const values = Array.from({ length: Q * T }, (_, i) => clamped(at(i)))
      e.bind(out, e.constant('int32', [Q, T], hostArray('int32', values)))
      return
    }
    const int32 = (name: string) => e.op('Cast', [name], { to: e.dtypeCode('int32') })
    const lengthOf = (x: Value) => {
      const axis = x.shape.length - 2
      return int32(e.op('Squeeze', [e.op('Shape', [e.use(x)], { start: axis, end: axis + 1 }), e.ints([0])]))
    }
    const fromEnd = (x: Value) =>
      e.op('Range', [e.op('Neg', [lengthOf(x)]), e.scalar(0, 'int32'), e.scalar(1, 'int32')])
    const queries = e.op('Unsqueeze', [fromEnd(n.input(0)), e.ints([1])])
    const difference = e.op('Sub', [e.op('Unsqueeze', [fromEnd(n.input(1)), e.ints([0])]), queries])
    e.node('Clip', [difference, e.scalar(-limit, 'int32'), e.scalar(limit, 'int32')], [e.define(out)])
  },
  grad: 'none',
})

export function relativePositions(q: Value, k: Value, limit: number): Value {
  return apply(RelativePositions, [q, k], { limit })
}

/** Positions before and after its own that a query reads; absent: all. */
export interface Reach {
  before?: number
  after?: number
}

/** No key that comes later; with a window, the last `window` tokens, its own included (Mistral). */
export function causal(window?: number): Reach {
  return { after: 0, ...(window !== undefined && { before: window - 1 }) }
}

/** 0 where a query may read a key, `MASKED_SCORE` elsewhere: [Q,T]. */
export function bandBias(q: Value, k: Value, { before, after }: Reach): Value {
  const limit = Math.max(before ?? 0, after ?? 0) + 1
  const relative = relativePositions(q, k, limit)
  const masked = scalar(q.graph, MASKED_SCORE)
  let bias = scalar(q.graph, 0)
  if (before !== undefined) bias = where(less(relative, scalar(q.graph, -before, 'int32')), masked, bias)
  if (after !== undefined) bias = where(greater(relative, scalar(q.graph, after, 'int32')), masked, bias)
  return bias
}
