/** `defineOp`, the registry it fills, and the rule makers shared by the operator families. */
import type { DType } from '../ir/dtype'
import { GraphError, type Value } from '../ir/graph'
import type { Attrs, EmitContext, Emitter, GradRule, Inputs, Operator, TensorType } from '../ir/operator'
import { broadcastShapes, sameShape, type Shape, ShapeError } from '../ir/shape'

export interface OpSpec<A extends Attrs> {
  shape: (inputs: readonly TensorType[], attrs: A) => TensorType | readonly TensorType[]
  emit: (emitter: Emitter, context: EmitContext<A>) => void
  grad: GradRule<A> | 'none' | 'forbidden'
  /** Inputs that may be absent, by index. */
  optional?: readonly number[]
}

/** Attributes of an operator without any. */
export type NoAttrs = Readonly<Record<string, never>>

const registered = new Map<string, Operator>()

/** Every operator defined so far, by name. */
export function registry(): ReadonlyMap<string, Operator> {
  return registered
}

export function defineOp<A extends Attrs = NoAttrs>(name: string, spec: OpSpec<A>): Operator<A> {
  if (registered.has(name)) throw new GraphError(`operator ${name} is defined twice`)
  const op: Operator<A> = {
    name,
    infer(inputs, attrs) {
      inputs.forEach((input, i) => {
        if (!input && !spec.optional?.includes(i)) throw new ShapeError(`input ${i} is absent`)
      })
      // An absent optional input stays absent: its rule looks before it reads.
      const result = spec.shape(inputs as readonly TensorType[], attrs)
      return Array.isArray(result) ? (result as readonly TensorType[]) : [result as TensorType]
    },
    emit: (emitter, context) => spec.emit(emitter, context),
    grad: typeof spec.grad === 'function' ? { rule: spec.grad } : spec.grad,
  }
  registered.set(name, op)
  return op
}

/** Adds a node and returns its only (or first) output. */
export function apply<A extends Attrs>(op: Operator<A>, inputs: Inputs, attrs: A): Value {
  return applyAll(op, inputs, attrs)[0]!
}

/** Adds a node and returns all its outputs. */
export function applyAll<A extends Attrs>(op: Operator<A>, inputs: Inputs, attrs: A): readonly Value[] {
  const first = inputs.find((v) => v !== undefined)
  if (!first) throw new GraphError(`${op.name} has no inputs`)
  return first.graph.add(op, inputs, attrs).outputs
}

/** Runs once, at the first call. */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** Shape of `a op b` with ONNX broadcasting; both inputs of one type. */
export function broadcastType(inputs: readonly TensorType[]): TensorType {
  const [a, b] = [inputs[0]!, inputs[1]!]
  if (a.dtype !== b.dtype)
    throw new ShapeError(`inputs of one type are needed, not ${a.dtype} and ${b.dtype}`)
  return { dtype: a.dtype, shape: broadcastShapes(a.shape, b.shape) }
}

/** @throws ShapeError unless input `i` has one of the types. */
export function requireType(inputs: readonly TensorType[], i: number, ...types: DType[]): TensorType {
  const input = inputs[i]!
  if (!types.includes(input.dtype))
    throw new ShapeError(`input ${i} must be ${types.join(' or ')}, not ${input.dtype}`)
  return input
}

export function requireRank(input: TensorType, i: number, least: number, most = least): void {
  const rank = input.shape.length
  if (rank < least || rank > most)
    throw new ShapeError(
      `input ${i} must have ${least === most ? least : `${least} to ${most}`} axes, not ${rank}`,
    )
}

/** Emission of an elementwise ONNX operator on one input: it works on the input as it is held. */
export function emitUnary(type: string): (emitter: Emitter, context: EmitContext) => void {
  return (e, n) => {
    const { name, shape } = e.held(n.input(0))
    e.node(type, [name], [e.define(n.outputs[0]!, shape)])
  }
}

/**
 * Names under which inputs may be combined elementwise, and the shape the result is held in.
 * Inputs of the result's own size are taken as they are held if they agree; a 1-axis input (a bias,
 * a scalar) broadcasts alike against [B,T,H] and its flattened form [R,H].
 */
export function elementwiseNames(
  e: Emitter,
  inputs: readonly Value[],
  out: Shape,
): { names: string[]; shape: Shape } {
  const isFull = (v: Value) => v.shape.length === out.length && v.shape.every((d, i) => d === out[i])
  const full = inputs.filter(isFull)
  const held = full.map((v) => e.held(v).shape)
  const form = held.find((s) => s.length < out.length) ?? held[0]
  const isColumn = (v: Value) =>
    v.shape.length === out.length && v.shape.at(-1) === 1 && sameShape(v.shape.slice(0, -1), out.slice(0, -1))
  const fits = (v: Value) =>
    isFull(v) || v.shape.length === 0 || (v.shape.length === 1 && v.shape[0] === out.at(-1)) || isColumn(v)
  const flat = form && (form.at(-1) === out.at(-1) || full.length === inputs.length) && inputs.every(fits)
  if (!flat) return { names: inputs.map((v) => e.use(v)), shape: out }
  const nameOf = (v: Value) =>
    isFull(v) ? e.view(v, form) : isColumn(v) ? e.view(v, form.with(-1, 1)) : e.use(v)
  return { names: inputs.map(nameOf), shape: form }
}

/** Emission of an elementwise ONNX operator with broadcasting. */
export function emitElementwise(type: string): (emitter: Emitter, context: EmitContext) => void {
  return (e, n) => {
    const out = n.outputs[0]!
    const values = n.inputs.filter((v) => v !== undefined)
    const { names, shape } = elementwiseNames(e, values, out.shape)
    e.node(type, names, [e.define(out, shape)])
  }
}

/** The type of the first input. */
export function sameType(inputs: readonly TensorType[]): TensorType {
  return inputs[0]!
}

export function floatType(inputs: readonly TensorType[]): TensorType {
  return requireType(inputs, 0, 'float32', 'float16')
}
