/**
 * Rows nobody reads are not computed. A Slice (a classifier reads one position) or a Gather over flattened rows
 * (a masked-LM head reads the labelled ones) moves up through operators that work row by row, as far as its
 * value has no other reader: through linear layers, norms, residual sums, activations, dropout, and the query
 * side of attention. Exact: every row kept is computed from the same numbers. Run before differentiation,
 * the backward pass then skips the same rows.
 */
import type { Graph, Node, Value } from '../ir/graph'
import { sameShape, sizeOf } from '../ir/shape'
import { Gather, gather, Reshape, reshape, Slice, slice } from '../ops/movement'
import { copyGraph, usersOf } from './rewrite'
import { axisOrigins, resizedAttrs } from './rowwise'

export function pushGather(graph: Graph): Graph {
  const users = usersOf(graph)
  const outputs = new Set(graph.outputs.values())
  return copyGraph(graph, {
    replace: (node, map, copy) => {
      const isPrivate = (v: Value) => users.get(v)!.length === 1 && !outputs.has(v)
      const push = new Push(copy, map, isPrivate)
      if (node.op.name === Slice.name) {
        const { axis, start, end } = node.attrs as { axis: number; start: number; end: number }
        return [push.slice(node.inputs[0]!, { axis, start, end })]
      }
      const flattened = node.op.name === Gather.name ? gatheredRows(node) : undefined
      return flattened && [push.rows(flattened.data, flattened)]
    },
  }).graph
}

interface Window {
  readonly axis: number
  readonly start: number
  readonly end: number
}

interface Rows {
  /** Ids [N] into the flattened leading axes. */
  readonly ids: Value
  /** How many leading axes are flattened. */
  readonly lead: number
}

/** A Gather of whole rows from data [.., H] whose leading axes a Reshape flattened. */
function gatheredRows(node: Node): (Rows & { data: Value }) | undefined {
  const [table, ids] = node.inputs as [Value, Value]
  const source = table.node?.op.name === Reshape.name ? table.node.inputs[0]! : undefined
  if (!source || node.attrs['axis'] !== 0 || ids.shape.length !== 1) return undefined
  if (table.shape.length !== 2 || source.shape.length < 3 || table.shape[1] !== source.shape.at(-1))
    return undefined
  return { data: source, ids, lead: source.shape.length - 1 }
}

class Push {
  constructor(
    readonly graph: Graph,
    readonly map: (v: Value) => Value,
    readonly isPrivate: (v: Value) => boolean,
  ) {}

  /** The new graph's value for a window of an old value. */
  slice(value: Value, window: Window): Value {
    const { axis, start, end } = window
    const node = value.node
    const origins = node && this.isPrivate(value) ? axisOrigins(node, axis) : undefined
    const attrs = origins && resizedAttrs(node!, axis, end - start)
    if (!node || !origins || !attrs) return slice(this.map(value), axis, start, end)
    const inputs = node.inputs.map((input, i) => {
      const origin = origins[i]
      if (!input) return undefined
      return origin === undefined ? this.map(input) : this.slice(input, { ...window, axis: origin })
    })
    return this.#again(node, inputs, attrs, value.index)
  }

  /** The new graph's [N, ..] for rows of an old value [.., ..]. */
  rows(value: Value, rows: Rows): Value {
    const node = value.node
    const inputs = node && this.isPrivate(value) ? this.#rowInputs(node, rows) : undefined
    if (!node || !inputs) {
      const whole = this.map(value)
      const lead = sizeOf(value.shape.slice(0, rows.lead))
      const table = reshape(whole, [lead, ...value.shape.slice(rows.lead)])
      return gather(table, this.map(rows.ids), 0)
    }
    return this.#again(node, inputs(), node.attrs, value.index)
  }

  /** Makers of a node's inputs for the rows, or nothing where some input does not allow it. */
  #rowInputs(node: Node, rows: Rows): (() => (Value | undefined)[]) | undefined {
    if (node.op.name === Reshape.name) return undefined
    const lead = node.outputs[0]!.shape.slice(0, rows.lead)
    const plans: (() => Value | undefined)[] = []
    const origins = lead.map((_, axis) => axisOrigins(node, axis))
    for (const [i, input] of node.inputs.entries()) {
      if (!input) plans.push(() => undefined)
      else if (
        origins.every((o, axis) => o && o[i] === axis) &&
        sameShape(input.shape.slice(0, rows.lead), lead)
      )
        plans.push(() => this.rows(input, rows))
      else if (
        origins.every((o) => o && o[i] === undefined) &&
        input.shape.length <= lastAxes(node, rows.lead)
      )
        plans.push(() => this.map(input))
      else return undefined
    }
    return () => plans.map((plan) => plan())
  }

  #again(node: Node, inputs: readonly (Value | undefined)[], attrs: Node['attrs'], index: number): Value {
    return this.graph.scope(node.scope, () => this.graph.add(node.op, inputs, attrs).outputs[index]!, true)
  }
}

/** Axes an operand may have when the leading ones are gone. */
function lastAxes(node: Node, lead: number): number {
  const isProduct = node.op.name === 'Linear' || node.op.name === 'LayerNormalization'
  return isProduct ? 2 : node.outputs[0]!.shape.length - lead
}
