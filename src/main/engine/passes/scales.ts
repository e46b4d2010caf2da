/**
 * Constant factors disappear into products: a scale beside a Linear, Gemm or MatMul becomes its alpha and
 * beta, a scale behind a LayerNormalization multiplies its [H] weight and bias. Run before differentiation,
 * so that gradients carry the factors in their own alphas.
 */
import type { Graph, Node, Value } from '../ir/graph'
import { erfGate, Gelu } from '../ops/activation'
import { Affine, affine, MaskZero, maskZero, scale } from '../ops/elementwise'
import { Gemm, gemm, Linear, linear, MatMul, matMul } from '../ops/linalg'
import { LayerNormalization, layerNorm } from '../ops/norm'
import { removeDeadCode } from './dce'
import { copyGraph, usersOf } from './rewrite'

/** gelu(x) = erfGate(x/√2)/√2: five passes fewer over the activations, forward and backward together. */
export function splitGelu(graph: Graph): Graph {
  return copyGraph(graph, {
    replace: (node, map) =>
      node.op.name === Gelu.name
        ? [scale(erfGate(scale(map(node.inputs[0]!), Math.SQRT1_2)), Math.SQRT1_2)]
        : undefined,
  }).graph
}

/** Folds scales until nothing moves. */
export function foldScales(graph: Graph): Graph {
  let current = graph
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { folded, count } = foldOnce(current)
    if (count === 0) return current
    current = removeDeadCode(folded)
  }
  return current
}
const MOST_ROUNDS = 8

function foldOnce(graph: Graph): { folded: Graph; count: number } {
  const users = usersOf(graph)
  const outputs = new Set(graph.outputs.values())
  const hasOneUse = (v: Value) => users.get(v)?.length === 1 && !outputs.has(v)
  let count = 0
  const { graph: folded } = copyGraph(graph, {
    replace: (node, map) => {
      const made =
        node.op.name === Affine.name
          ? absorbed(node, node.inputs[0]!, map, hasOneUse)
          : takingScaledInput(node, map)
      if (made) count++
      return made && [made]
    },
  })
  return { folded, count }
}

function factorOf(value: Value | undefined): number | undefined {
  if (value?.node?.op.name !== Affine.name) return undefined
  const { factor, offset } = value.node.attrs as { factor: number; offset: number }
  return offset === 0 ? factor : undefined
}

type Lookup = (value: Value) => Value

/** An Affine whose producer takes the factor over. */
function absorbed(node: Node, x: Value, map: Lookup, hasOneUse: (v: Value) => boolean): Value | undefined {
  const producer = x.node
  const { factor, offset } = node.attrs as { factor: number; offset: number }
  if (!producer || !hasOneUse(x)) return undefined
  if (producer.op.name === Affine.name) {
    const inner = producer.attrs as { factor: number; offset: number }
    return affine(map(producer.inputs[0]!), inner.factor * factor, inner.offset * factor + offset)
  }
  if (offset !== 0) return undefined
  if (producer.op.name === MaskZero.name && canAbsorb(producer.inputs[0]!, hasOneUse))
    return maskZero(scale(map(producer.inputs[0]!), factor), map(producer.inputs[1]!))
  if (producer.op.name === LayerNormalization.name && x.index === 0) {
    const [input, w, b] = producer.inputs as [Value, Value, Value]
    const { epsilon } = producer.attrs as { epsilon: number }
    return layerNorm(map(input), scale(map(w), factor), scale(map(b), factor), epsilon)
  }
  return product(producer, map, factor, factor)
}

function canAbsorb(value: Value, hasOneUse: (v: Value) => boolean): boolean {
  const name = value.node?.op.name ?? ''
  return hasOneUse(value) && ABSORBING.has(name)
}
const ABSORBING: ReadonlySet<string> = new Set(
  [Linear, Gemm, MatMul, LayerNormalization, Affine].map((op) => op.name),
)

/** A product one of whose factors is scaled. */
function takingScaledInput(node: Node, map: Lookup): Value | undefined {
  if (node.op.name !== Linear.name && node.op.name !== Gemm.name && node.op.name !== MatMul.name)
    return undefined
  const [a, b] = node.inputs as [Value, Value]
  const [fa, fb] = [factorOf(a), factorOf(b)]
  if (fa === undefined && fb === undefined) return undefined
  const unscaled: Lookup = (v) =>
    map((v === a && fa !== undefined) || (v === b && fb !== undefined) ? v.node!.inputs[0]! : v)
  return product(node, unscaled, (fa ?? 1) * (fb ?? 1), 1)
}

/** The product again, alpha and beta multiplied. */
function product(node: Node, map: Lookup, alphaFactor: number, betaFactor: number): Value | undefined {
  const [a, b, c] = node.inputs
  const attrs = node.attrs as {
    transA: boolean
    transB: boolean
    transW: boolean
    alpha: number
    beta: number
  }
  const alpha = attrs.alpha * alphaFactor
  const beta = attrs.beta * betaFactor
  switch (node.op.name) {
    case Linear.name:
      return linear(map(a!), map(b!), c && map(c), { ...attrs, alpha, beta })
    case Gemm.name:
      return gemm(map(a!), map(b!), { ...attrs, alpha, beta, ...(c && { c: map(c) }) })
    case MatMul.name:
      return matMul(map(a!), map(b!), { ...attrs, alpha })
    default:
      return undefined
  }
}
