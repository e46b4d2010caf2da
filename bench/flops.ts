/** Arithmetic of a graph: two operations a multiply-add of every matrix product in it, and nothing else. */
import type { Graph, Node } from '../src/main/engine/ir/graph'
import { sizeOf, staticDim } from '../src/main/engine/ir/shape'

export function flopsOf(graph: Graph): number {
  return graph.nodes.reduce((sum, node) => sum + flopsOfNode(node), 0)
}

function flopsOfNode({ op, inputs, outputs, attrs }: Node): number {
  const [a, b] = inputs
  const out = outputs[0]
  if (!a || !b || !out) return 0
  switch (op.name) {
    case 'Gemm':
    case 'MatMul':
      return 2 * sizeOf(out.shape) * staticDim(a.shape, attrs['transA'] ? -2 : -1)
    case 'Linear':
      return 2 * sizeOf(out.shape) * staticDim(a.shape, -1)
    case 'ScaledDotProductAttention': {
      // q·kᵀ and p·v: the probabilities [B,A,Q,T] are the second output.
      const probabilities = sizeOf(outputs[1]!.shape)
      return 2 * probabilities * (staticDim(a.shape, -1) + staticDim(out.shape, -1))
    }
    default:
      return 0
  }
}
