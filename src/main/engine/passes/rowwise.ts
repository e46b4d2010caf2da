/** Which operators work position by position along an axis, and where each input keeps that axis. */
import type { Node, Value } from '../ir/graph'
import type { Attrs } from '../ir/operator'
import { isStatic, sameShape, type Shape, sizeOf } from '../ir/shape'
import * as ops from '../ops'

/** Axis of each input that matches the output's; `undefined` where the input serves every position. */
type Origins = readonly (number | undefined)[]
type Rule = (node: Node, axis: number) => Origins | undefined

const ELEMENTWISE: Rule = (node, axis) =>
  node.inputs.map((input) => aligned(input, node.outputs[0]!.shape, axis))

/** Where a broadcast operand has the axis. */
function aligned(input: Value | undefined, out: Shape, axis: number): number | undefined {
  if (!input) return undefined
  const at = axis - (out.length - input.shape.length)
  return at < 0 || (input.shape[at] === 1 && out[axis] !== 1) ? undefined : at
}

/** On every axis but the last. */
const LAST_AXIS_WHOLE: Rule = (node, axis) =>
  axis === node.outputs[0]!.shape.length - 1
    ? undefined
    : [axis, undefined, aligned(node.inputs[2], node.outputs[0]!.shape, axis)]

const NORM: Rule = (node, axis) =>
  axis === node.outputs[0]!.shape.length - 1 ? undefined : [axis, undefined, undefined]

const OFF_ATTR_AXIS: Rule = (node, axis) => (axis === node.attrs['axis'] ? undefined : [axis])

const TRANSPOSE: Rule = (node, axis) => [(node.attrs['perm'] as readonly number[])[axis]!]

/** Axes before which both shapes hold the same number of elements, and of the same size, correspond. */
const RESHAPE: Rule = (node, axis) => {
  const [from, to] = [node.inputs[0]!.shape, node.outputs[0]!.shape]
  if (sameShape(from.slice(0, axis + 1), to.slice(0, axis + 1))) return [axis]
  if (!isStatic(from) || !isStatic(to)) return undefined
  const before = sizeOf(to.slice(0, axis))
  const at = from.findIndex((d, i) => d === to[axis] && sizeOf(from.slice(0, i)) === before)
  return at < 0 ? undefined : [at]
}

/** Queries are independent of each other; keys and values serve all of them. */
const ATTENTION: Rule = (node, axis) => {
  if (axis !== 2) return undefined
  const scores = node.outputs[1]!.shape
  return [2, undefined, undefined, aligned(node.inputs[3], scores, 2), aligned(node.inputs[4], scores, 2)]
}

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...[
    ops.Add,
    ops.Sub,
    ops.Mul,
    ops.Div,
    ops.Max,
    ops.Min,
    ops.Pow,
    ops.Affine,
    ops.Neg,
    ops.Abs,
    ops.Exp,
    ops.Log,
    ops.Sqrt,
    ops.Reciprocal,
    ops.Cast,
    ops.Where,
    ops.MaskZero,
    ops.MaskOne,
    ops.Relu,
    ops.Tanh,
    ops.Sigmoid,
    ops.Erf,
    ops.Softplus,
    ops.Silu,
    ops.Gelu,
    ops.GeluTanh,
    ops.ErfGate,
    ops.Identity,
  ].map((op): [string, Rule] => [op.name, ELEMENTWISE]),
  [ops.Linear.name, LAST_AXIS_WHOLE],
  [ops.LayerNormalization.name, NORM],
  [ops.RMSNormalization.name, NORM],
  [ops.Softmax.name, OFF_ATTR_AXIS],
  [ops.LogSoftmax.name, OFF_ATTR_AXIS],
  [ops.Transpose.name, TRANSPOSE],
  [ops.Reshape.name, RESHAPE],
  [ops.ScaledDotProductAttention.name, ATTENTION],
])

/** Where each input of a node keeps an axis of its first output; nothing where positions depend on each other. */
export function axisOrigins(node: Node, axis: number): Origins | undefined {
  return RULES.get(node.op.name)?.(node, axis)
}

/** The attributes of a node whose output axis is cut to `size`. */
export function resizedAttrs(node: Node, axis: number, size: number): Attrs {
  if (node.op.name !== ops.Reshape.name) return node.attrs
  return { shape: node.outputs[0]!.shape.with(axis, size) }
}
