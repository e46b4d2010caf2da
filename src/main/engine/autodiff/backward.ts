/**
 * Reverse-mode differentiation: one walk back over the nodes between the wanted parameters and the loss.
 * Broadcasting is undone here and nowhere else. The walk follows tinygrad's `compute_gradient`;
 * gradients as thunks follow TensorFlow.js.
 */
import { hostArray } from '../ir/dtype'
import { type Graph, GraphError, type GraphInput, type Node, type Value } from '../ir/graph'
import type { InputGradient } from '../ir/operator'
import { isStatic, sameShape, type Shape, staticShape } from '../ir/shape'
import { constant } from '../ops/constant'
import { add } from '../ops/elementwise'
import { Gather, reshape, Slice } from '../ops/movement'
import { reduceSum, sumRows } from '../ops/reduce'

/** Where the rows of a row gradient belong: at fed ids, or at consecutive rows from `start`. */
export type RowIndices = { readonly ids: Value } | { readonly start: number; readonly end: number }

export interface RowGradient {
  readonly param: GraphInput
  /** [.., H]: the gradient of each row that was read, in the order of the ids. */
  readonly rows: Value
  readonly at: RowIndices
}

export interface Gradients {
  /** By parameter name; parameters the loss does not depend on are absent. */
  readonly dense: ReadonlyMap<string, Value>
  readonly rows: readonly RowGradient[]
}

export interface BackwardOptions {
  /** Gradient of the loss itself; default 1. */
  seed?: Value
  /** Inputs to differentiate; default every trainable parameter. */
  wrt?: readonly GraphInput[]
}

/**
 * Appends the backward pass of `loss` [] to its graph.
 * @throws GraphError where the path crosses a 'forbidden' operator or a symbolic shape.
 */
export function backward(loss: Value, options: BackwardOptions = {}): Gradients {
  const { graph } = loss
  const wanted = options.wrt ?? graph.params().filter((p) => p.trainable)
  const walk = new Walk(graph, wanted)
  walk.accumulate(loss, options.seed ?? constant(graph, 'float32', [], hostArray('float32', [1])))
  for (const node of graph.nodes.slice().reverse()) if (walk.reaches(node)) walk.visit(node)
  const dense = new Map<string, Value>()
  for (const param of wanted) {
    const gradient = walk.gradientOf(param.value)
    if (gradient) dense.set(param.name, gradient)
  }
  return { dense, rows: walk.rows.reverse() }
}

class Walk {
  readonly rows: RowGradient[] = []
  readonly #onPath = new Set<Value>()
  readonly #gradients = new Map<Value, Value>()
  readonly #rowParams = new Map<Value, GraphInput>()

  constructor(
    readonly graph: Graph,
    wanted: readonly GraphInput[],
  ) {
    for (const param of wanted) {
      this.#onPath.add(param.value)
      if (param.gradient === 'rows') this.#rowParams.set(param.value, param)
    }
    for (const node of graph.nodes)
      if (node.op.grad !== 'none' && node.inputs.some((v) => v && this.#onPath.has(v)))
        for (const output of node.outputs) this.#onPath.add(output)
  }

  reaches(node: Node): boolean {
    return node.outputs.some((v) => this.#onPath.has(v) && this.#gradients.has(v))
  }

  gradientOf(value: Value): Value | undefined {
    return this.#gradients.get(value)
  }

  accumulate(value: Value, gradient: Value): void {
    const fitted = sumTo(gradient, value.shape)
    const sum = this.#gradients.get(value)
    this.#gradients.set(value, sum ? add(sum, fitted) : fitted)
  }

  visit(node: Node): void {
    const { op } = node
    const at = node.scope ? ` at ${node.scope}` : ''
    if (op.grad === 'forbidden') throw new GraphError(`${op.name}${at} cannot be differentiated`)
    if (op.grad === 'none') return
    const { grad } = op
    for (const value of [...node.outputs, ...node.inputs])
      if (value && !isStatic(value.shape))
        throw new GraphError(`${op.name}${at}: the backward pass needs numbers for every dimension`)
    const gs = node.outputs.map((v) => this.#gradients.get(v))
    this.graph.scope(
      `grad.${node.scope}`,
      () => {
        if (this.#recordRows(node, gs[0])) return
        const gradients = grad.rule({
          graph: this.graph,
          inputs: node.inputs,
          outputs: node.outputs,
          attrs: node.attrs,
          gs,
          get g() {
            if (!gs[0]) throw new GraphError(`only a side output of ${op.name}${at} has a gradient`)
            return gs[0]
          },
          input: (i) => node.inputs[i]!,
        })
        node.inputs.forEach((input, i) => {
          if (input && this.#onPath.has(input)) this.#take(input, gradients[i])
        })
      },
      true,
    )
  }

  #take(input: Value, gradient: InputGradient): void {
    if (gradient === undefined) return
    this.accumulate(input, typeof gradient === 'function' ? gradient() : gradient)
  }

  /** A table read by Gather or Slice along axis 0 gets the gradient of the rows read. */
  #recordRows(node: Node, g: Value | undefined): boolean {
    const table = node.inputs[0]
    const param = table && this.#rowParams.get(table)
    if (!param || !g || node.attrs['axis'] !== 0) return false
    if (node.op.name === Gather.name) this.rows.push({ param, rows: g, at: { ids: node.inputs[1]! } })
    else if (node.op.name === Slice.name) {
      const { start, end } = node.attrs as { start: number; end: number }
      this.rows.push({ param, rows: g, at: { start, end } })
    } else return false
    return true
  }
}

/** A gradient summed down to the shape of the (broadcast) input it belongs to. */
export function sumTo(gradient: Value, shape: Shape): Value {
  const from = gradient.shape
  if (sameShape(from, shape)) return gradient
  const lead = from.length - shape.length
  const trailing = from.slice(lead)
  if (shape.length === 1 && sameShape(trailing, shape)) return sumRows(gradient)
  const axes = from.map((_, i) => i).filter((i) => i < lead || (shape[i - lead] === 1 && from[i] !== 1))
  return reshape(reduceSum(gradient, axes, true), staticShape(shape))
}
