/**
 * The graph: nodes in execution order over values with a type. Values are built through the functions
 * of `ops/`; passes copy a graph with `copyGraph` (passes/rewrite) and never change one in place.
 */
import type { DType, HostArray } from './dtype'
import type { Attrs, Inputs, Operator, TensorType } from './operator'
import { formatShape, type Shape, ShapeError } from './shape'

/**
 * param: a weight; feed: data of a batch; mask: a bool dropout mask; accumulator: a gradient so far.
 */
export type InputRole = 'param' | 'feed' | 'mask' | 'accumulator'

/** How a parameter's gradient is returned: whole, or only the rows a Gather or Slice read. */
export type GradientForm = 'dense' | 'rows'

export interface GraphInput {
  readonly name: string
  readonly role: InputRole
  readonly value: Value
  /** Parameters only: whether a gradient is wanted. */
  readonly trainable: boolean
  readonly gradient: GradientForm
  /** Dropout masks: the probability that an element is zero. */
  readonly dropProbability?: number
}

export interface Value extends TensorType {
  readonly id: number
  readonly graph: Graph
  /** The node that makes it; `undefined` for graph inputs. */
  readonly node: Node | undefined
  /** Index among the node's outputs. */
  readonly index: number
}

export interface Node {
  readonly id: number
  readonly op: Operator
  readonly inputs: Inputs
  readonly outputs: readonly Value[]
  readonly attrs: Attrs
  /** Module path, as `bert.encoder.layer.0.attention.self`. */
  readonly scope: string
}

export interface InputOptions {
  trainable?: boolean
  gradient?: GradientForm
  dropProbability?: number
}

export class Graph {
  readonly nodes: Node[] = []
  readonly inputs = new Map<string, GraphInput>()
  readonly outputs = new Map<string, Value>()
  #nextId = 0
  #scope = ''

  /** Module path of the nodes being added. */
  get currentScope(): string {
    return this.#scope
  }

  /** Runs `build` with `name` appended to the module path (or, `absolute`, in its place). */
  scope<T>(name: string, build: () => T, absolute = false): T {
    const outer = this.#scope
    this.#scope = outer && !absolute ? `${outer}.${name}` : name
    try {
      return build()
    } finally {
      this.#scope = outer
    }
  }

  input(name: string, role: InputRole, dtype: DType, shape: Shape, options: InputOptions = {}): Value {
    if (this.inputs.has(name)) throw new GraphError(`there are two inputs named ${name}`)
    const value: Value = { id: this.#nextId++, graph: this, node: undefined, index: 0, dtype, shape }
    const { trainable = role === 'param', gradient = 'dense', dropProbability } = options
    this.inputs.set(name, {
      name,
      role,
      value,
      trainable,
      gradient,
      ...(dropProbability !== undefined && { dropProbability }),
    })
    return value
  }

  /** A float32 weight. The same name twice gives the same value (tied weights). */
  param(name: string, shape: Shape, options: InputOptions = {}): Value {
    const known = this.inputs.get(name)
    if (!known) return this.input(name, 'param', 'float32', shape, options)
    if (known.role !== 'param' || formatShape(known.value.shape) !== formatShape(shape))
      throw new GraphError(
        `parameter ${name} was ${formatShape(known.value.shape)}, now ${formatShape(shape)}`,
      )
    return known.value
  }

  feed(name: string, dtype: DType, shape: Shape): Value {
    return this.input(name, 'feed', dtype, shape)
  }

  output(name: string, value: Value): Value {
    if (this.outputs.has(name)) throw new GraphError(`there are two outputs named ${name}`)
    this.#own(value)
    this.outputs.set(name, value)
    return value
  }

  /** Appends a node. @throws GraphError naming op, input, shapes and module path. */
  add<A extends Attrs>(op: Operator<A>, inputs: Inputs, attrs: A): Node {
    let types: readonly TensorType[]
    try {
      for (const input of inputs) if (input) this.#own(input)
      types = op.infer(inputs, attrs)
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error
      const shapes = inputs.map((v, i) => `${i}: ${v ? `${v.dtype}${formatShape(v.shape)}` : 'absent'}`)
      const at = this.#scope ? ` at ${this.#scope}` : ''
      throw new GraphError(`${op.name}${at}: ${error.message} (inputs ${shapes.join(', ')})`)
    }
    const outputs: Value[] = []
    const node: Node = {
      id: this.#nextId++,
      op: op,
      inputs,
      outputs,
      attrs,
      scope: this.#scope,
    }
    types.forEach((type, index) =>
      outputs.push({
        id: this.#nextId++,
        graph: this,
        node,
        index,
        dtype: type.dtype,
        shape: type.shape,
      }),
    )
    this.nodes.push(node)
    return node
  }

  /** The named graph output. @throws where there is none. */
  outputValue(name: string): Value {
    const value = this.outputs.get(name)
    if (!value)
      throw new GraphError(`no output named ${name}; there are ${[...this.outputs.keys()].join(', ')}`)
    return value
  }

  /** Parameters in the order they were first used. */
  params(): GraphInput[] {
    return [...this.inputs.values()].filter((input) => input.role === 'param')
  }

  #own(value: Value): void {
    if (value.graph !== this)
      throw new GraphError(`a value of another graph is used at ${this.#scope || 'the top'}`)
  }
}

/** A graph that cannot be: wrong shapes, names or types. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
}

/** Equal keys mean equal attributes; large arrays enter with all their elements. */
export function attrsKey(attrs: Attrs): string {
  return Object.keys(attrs)
    .sort()
    .map((key) => {
      const attr = attrs[key]
      if (ArrayBuffer.isView(attr)) return `${key}=${attr.constructor.name}(${hostKey(attr)})`
      return `${key}=${JSON.stringify(attr)}`
    })
    .join(';')
}

function hostKey(data: HostArray): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
}
