/**
 * Micro-batches: the gradient so far is added inside the product that makes the new one (its C, with beta 1),
 * which costs no pass over the weights of its own.
 */
import type { Value } from '../ir/graph'
import { add } from '../ops/elementwise'
import { Gemm, gemm } from '../ops/linalg'
import { Reshape, reshape } from '../ops/movement'
import { SumRows, sumRows } from '../ops/reduce'

/** sum + gradient, by rebuilding the node that makes the gradient where it can take an addend. */
export function addTo(sum: Value, gradient: Value): Value {
  const node = gradient.node
  if (!node) return add(sum, gradient)
  const [a, b, c] = node.inputs
  return gradient.graph.scope(
    node.scope,
    () => {
      switch (node.op.name) {
        case Reshape.name:
          return reshape(addTo(reshape(sum, a!.shape), a!), gradient.shape)
        case SumRows.name:
          return b ? add(sum, gradient) : sumRows(a!, node.attrs['alpha'] as number, sum)
        case Gemm.name: {
          const attrs = node.attrs as { transA: boolean; transB: boolean; alpha: number; beta: number }
          if (!c) return gemm(a!, b!, { ...attrs, c: sum, beta: 1 })
          return attrs.beta === 1 && c.node?.op.name === Gemm.name
            ? gemm(a!, b!, { ...attrs, c: addTo(sum, c) })
            : add(sum, gradient)
        }
        default:
          return add(sum, gradient)
      }
    },
    true,
  )
}
