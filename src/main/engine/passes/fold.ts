/** What is known when the graph is built is computed then: identities, chains of movement, scalar arithmetic. */
import type { Graph, Node, Value } from '../ir/graph'
import { Add, Affine, Div, Expand, Mul, Sub } from '../ops'
import { addScalar, scale } from '../ops/elementwise'
import { Identity, Reshape, reshape, Transpose, transpose } from '../ops/movement'
import { copyGraph } from './rewrite'

/** Identity, Reshape of Reshape, Transpose of Transpose, arithmetic with constant scalars. */
export function foldAlgebra(graph: Graph): Graph {
  return copyGraph(graph, { replace: (node, map) => wrap(simplified(node, map)) }).graph
}

function wrap(value: Value | undefined): readonly Value[] | undefined {
  return value && [value]
}

function simplified(node: Node, map: (v: Value) => Value): Value | undefined {
  const x = node.inputs[0] && map(node.inputs[0])
  if (!x) return undefined
  switch (node.op.name) {
    case Identity.name:
      return x
    case Reshape.name: {
      const source = x.node?.op.name === Reshape.name ? x.node.inputs[0]! : x
      return reshape(source, node.outputs[0]!.shape)
    }
    case Transpose.name: {
      const { perm } = node.attrs as { perm: readonly number[] }
      if (x.node?.op.name !== Transpose.name) return transpose(x, perm)
      const inner = x.node.attrs['perm'] as readonly number[]
      return transpose(
        x.node.inputs[0]!,
        perm.map((p) => inner[p]!),
      )
    }
    case Affine.name:
      return node.attrs['factor'] === 1 && node.attrs['offset'] === 0 ? x : undefined
    default:
      return withScalar(node, map)
  }
}

/** The number a constant scalar (expanded or not) holds. */
function scalarOf(value: Value): number | undefined {
  if (value.node?.op.name === Expand.name) return scalarOf(value.node.inputs[0]!)
  const data = value.node?.op.name === 'Constant' ? value.node.attrs['data'] : undefined
  return data instanceof Float32Array && data.length === 1 ? data[0] : undefined
}

function withScalar(node: Node, map: (v: Value) => Value): Value | undefined {
  const [a, b] = node.inputs
  if (!a || !b || node.outputs.length !== 1) return undefined
  const out = node.outputs[0]!
  const fits = (v: Value) =>
    v.shape.length === out.shape.length && v.shape.every((d, i) => d === out.shape[i])
  const right = fits(a) ? scalarOf(b) : undefined
  const left = fits(b) ? scalarOf(a) : undefined
  switch (node.op.name) {
    case Mul.name:
      if (right !== undefined) return scale(map(a), right)
      return left === undefined ? undefined : scale(map(b), left)
    case Add.name:
      if (right !== undefined) return addScalar(map(a), right)
      return left === undefined ? undefined : addScalar(map(b), left)
    case Sub.name:
      return right === undefined ? undefined : addScalar(map(a), -right)
    case Div.name:
      return right === undefined ? undefined : scale(map(a), 1 / right)
    default:
      return undefined
  }
}
