/**
 * What an operator is: its shape rule, its ONNX emission and its gradient, together.
 * The layout (op = name + parameters + rules) follows JAX's autodidax and jax-js.
 */
import type { DType, HostArray } from './dtype'
import type { Graph, Value } from './graph'
import type { Shape } from './shape'

export interface TensorType {
  readonly dtype: DType
  readonly shape: Shape
}

export type Attr = number | string | boolean | readonly number[] | readonly (number | string)[] | HostArray
export type Attrs = Readonly<Record<string, Attr | undefined>>

/** An absent optional input is `undefined`. */
export type Inputs = readonly (Value | undefined)[]

/** Gradient of one input: a value, a thunk (run only where that input needs a gradient), or none. */
export type InputGradient = Value | (() => Value) | undefined

export interface GradContext<A extends Attrs = Attrs> {
  readonly graph: Graph
  readonly inputs: Inputs
  readonly outputs: readonly Value[]
  readonly attrs: A
  /** Gradient of the first output. @throws where only another output has one. */
  readonly g: Value
  /** Gradients of all outputs, `undefined` where nothing flows back. */
  readonly gs: readonly (Value | undefined)[]
  readonly input: (i: number) => Value
}

export interface EmitContext<A extends Attrs = Attrs> {
  readonly inputs: Inputs
  readonly outputs: readonly Value[]
  readonly attrs: A
  readonly input: (i: number) => Value
}

export type OnnxAttr = number | string | readonly number[] | { readonly float: number }

/** What an operator's emission may do. Implemented by `onnx/emit`. */
export interface Emitter {
  readonly target: EmitTarget
  /** ONNX name of a value with its own shape. */
  use(value: Value): string
  /** ONNX name of a value seen with another shape of the same size (one Reshape a shape, shared). */
  view(value: Value, shape: Shape): string
  /** Name and shape a value is held in at present: no Reshape is emitted. */
  held(value: Value): { readonly name: string; readonly shape: Shape }
  /** A new ONNX name for a value; `shape` where what is produced is a flattened form of it. */
  define(value: Value, shape?: Shape): string
  /** A value that an existing ONNX name holds (an initializer). */
  bind(value: Value, name: string): void
  /** The value is another value's elements under its own shape: no node. */
  alias(value: Value, of: Value): void
  node(
    type: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attrs?: Record<string, OnnxAttr>,
  ): void
  /** A node with one unnamed output; returns the output's name. */
  op(type: string, inputs: readonly string[], attrs?: Record<string, OnnxAttr>): string
  constant(dtype: DType, shape: readonly number[], data: HostArray): string
  /** ONNX number of an element type. */
  dtypeCode(dtype: DType): number
  scalar(x: number, dtype?: DType): string
  /** A 1-D int64 constant (axes, shapes). */
  ints(xs: readonly number[]): string
  /** A row of ones [1, n]. */
  ones(n: number): string
  /** What `make` emits, once: later calls with the same key get the same name. */
  shared(key: string, make: () => string): string
}

/** What the provider that will run the graph can do. */
export interface EmitTarget {
  /** A kernel for LogSoftmax. */
  readonly logSoftmax: boolean
  /**
   * Columns of a Gemm's result from which its A is transposed by a node of its own, which beats the kernel's
   * transA for wide results (MLAS on the cpu); Infinity where it does not.
   */
  readonly transposeFirst: number
  /** com.microsoft FusedMatMul (transposes and alpha folded into the product). */
  readonly fusedMatMul: boolean
  /** com.microsoft Gelu, QuickGelu, FastGelu in one pass. */
  readonly fusedActivations: boolean
}

export type GradRule<A extends Attrs> = (context: GradContext<A>) => readonly InputGradient[]

export interface Operator<A extends Attrs = Attrs> {
  readonly name: string
  infer(inputs: readonly (TensorType | undefined)[], attrs: A): readonly TensorType[]
  emit(emitter: Emitter, context: EmitContext<A>): void
  /**
   * A rule; 'none' where the derivative is zero everywhere it exists (comparisons, casts to integers);
   * 'forbidden' where differentiating through it is a mistake. There is no fourth, unregistered state.
   */
  readonly grad: { rule(context: GradContext<A>): readonly InputGradient[] } | 'none' | 'forbidden'
}
