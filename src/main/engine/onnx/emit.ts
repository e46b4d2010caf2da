/**
 * Graph → ONNX. Values are held in the form that was cheapest to make (a linear layer makes [B·T,N]);
 * a Reshape is emitted only where somebody needs another form, once a form.
 */
import type { DType, HostArray } from '../ir/dtype'
import { type Graph, GraphError, type Node, type Value } from '../ir/graph'
import type { EmitContext, Emitter, EmitTarget, OnnxAttr } from '../ir/operator'
import { formatShape, isStatic, sameShape, type Shape } from '../ir/shape'
import {
  DTYPE_CODES,
  modelBytes,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './proto'

interface Form {
  readonly name: string
  readonly shape: Shape
}

export const CPU_TARGET: EmitTarget = {
  fusedMatMul: true,
  fusedActivations: true,
  transposeFirst: 512,
  logSoftmax: true,
}
/** Nothing but ai.onnx operators: for providers without the contributed ones, and for exchange. */
export const PLAIN_TARGET: EmitTarget = {
  fusedMatMul: false,
  fusedActivations: false,
  transposeFirst: Infinity,
  logSoftmax: true,
}

export interface EmitOptions {
  target?: EmitTarget
  /** Weights written into the file instead of being inputs, by parameter name. */
  weights?: ReadonlyMap<string, HostArray>
}

/** ModelProto bytes of a graph. Inputs and outputs keep the graph's names. */
export function emitOnnx(graph: Graph, options: EmitOptions = {}): Uint8Array {
  return modelBytes(new GraphEmitter(graph, options).emit())
}

/** A model without sizes, and the constants of one shape, which it takes as inputs. */
export interface SizelessModel {
  readonly bytes: Uint8Array
  readonly constants: readonly OnnxTensor[]
}

/**
 * The same graph as a model that fits other batch shapes too: every constant that is no scalar becomes an input,
 * and only parameters keep their sizes. Graphs of one structure give the same bytes whatever their shapes.
 * Its outputs are only written into arrays given to a run, never returned by it.
 */
export function emitSizeless(graph: Graph, options: EmitOptions = {}): SizelessModel {
  const model = new GraphEmitter(graph, options).emit()
  const isWeight = (name: string) => options.weights?.has(name) ?? false
  const isFed = ({ name, shape }: OnnxTensor) => shape.length > 0 && !isWeight(name)
  const constants = model.initializers.filter(isFed)
  const keepsSize = (name: string) => {
    const role = graph.inputs.get(name)?.role
    return role === 'param' || role === 'accumulator'
  }
  const sizeless = ({ name, dtype, shape }: OnnxValueInfo): OnnxValueInfo =>
    keepsSize(name)
      ? { name, dtype, shape }
      : { name, dtype, shape: shape.map((_, axis) => `${name}.${axis}`) }
  const bytes = modelBytes({
    isSilent: true,
    nodes: model.nodes,
    initializers: model.initializers.filter((tensor) => !isFed(tensor)),
    inputs: [...model.inputs, ...constants].map(sizeless),
    outputs: model.outputs.map(sizeless),
  })
  return { bytes, constants }
}

class GraphEmitter implements Emitter {
  readonly target: EmitTarget
  readonly #nodes: OnnxNode[] = []
  readonly #initializers: OnnxTensor[] = []
  readonly #shared = new Map<string, string>()
  /** First form: the one the value is held in. */
  readonly #forms = new Map<Value, Form[]>()
  readonly #used = new Set<string>()
  readonly #nodeNames = new Set<string>()
  #node: Node | undefined
  #count = 0

  constructor(
    readonly graph: Graph,
    readonly options: EmitOptions,
  ) {
    this.target = options.target ?? CPU_TARGET
  }

  emit(): OnnxGraph {
    const { graph, options } = this
    const inputs: OnnxValueInfo[] = []
    for (const name of [...graph.inputs.keys(), ...graph.outputs.keys()]) this.#used.add(name)
    for (const { name, value } of graph.inputs.values()) {
      this.#forms.set(value, [{ name, shape: value.shape }])
      const data = options.weights?.get(name)
      if (data) this.#initializers.push({ name, dtype: value.dtype, shape: value.shape as number[], data })
      else inputs.push({ name, dtype: value.dtype, shape: value.shape })
    }
    for (const node of graph.nodes) this.#emitNode(node)
    const outputs: OnnxValueInfo[] = []
    this.#node = undefined
    for (const [name, value] of graph.outputs) {
      this.node('Identity', [this.use(value)], [name])
      outputs.push({ name, dtype: value.dtype, shape: value.shape })
    }
    return {
      nodes: absorbIdentities(this.#nodes, new Set(graph.outputs.keys())),
      initializers: this.#initializers,
      inputs,
      outputs,
    }
  }

  #emitNode(node: Node): void {
    this.#node = node
    const context: EmitContext = {
      inputs: node.inputs,
      outputs: node.outputs,
      attrs: node.attrs,
      input: (i) => node.inputs[i]!,
    }
    node.op.emit(this, context)
    for (const output of node.outputs)
      if (!this.#forms.has(output)) throw new GraphError(`${node.op.name} emitted no output ${output.index}`)
  }

  use(value: Value): string {
    return this.view(value, value.shape)
  }

  held(value: Value): Form {
    const form = this.#forms.get(value)?.[0]
    if (!form) throw new GraphError(`a value is used before it is made (${this.#node?.op.name ?? 'output'})`)
    return form
  }

  view(value: Value, shape: Shape): string {
    const first = this.held(value)
    const forms = this.#forms.get(value)!
    const known = forms.find((form) => sameShape(form.shape, shape))
    if (known) return known.name
    const name = this.op('Reshape', [first.name, this.ints(reshapeTarget(first.shape, shape))])
    forms.push({ name, shape })
    return name
  }

  define(value: Value, shape: Shape = value.shape): string {
    const name = this.#fresh(this.#label(value.index))
    this.#forms.set(value, [{ name, shape }])
    return name
  }

  alias(value: Value, of: Value): void {
    this.held(of)
    this.#forms.set(value, this.#forms.get(of)!)
  }

  bind(value: Value, name: string): void {
    this.#forms.set(value, [{ name, shape: value.shape }])
  }

  node(
    type: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attrs: Record<string, OnnxAttr> = {},
  ): void {
    const [domain, opType] = type.includes(':') ? type.split(':') : ['', type]
    const name = this.#fresh(this.#node ? `${this.#node.scope}/${opType!}` : opType!, this.#nodeNames)
    this.#nodes.push({ name, domain: domain!, opType: opType!, inputs, outputs, attrs })
  }

  op(type: string, inputs: readonly string[], attrs: Record<string, OnnxAttr> = {}): string {
    const output = this.#fresh(`${this.#label(0)}.${type.split(':').at(-1)!}`)
    this.node(type, inputs, [output], attrs)
    return output
  }

  constant(dtype: DType, shape: readonly number[], data: HostArray): string {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    return this.shared(`${dtype}[${shape.join(',')}]${bytes.toString('base64')}`, () => {
      const name = this.#fresh('constant')
      this.#initializers.push({ name, dtype, shape, data })
      return name
    })
  }

  scalar(x: number, dtype: DType = 'float32'): string {
    const data =
      dtype === 'int64'
        ? BigInt64Array.of(BigInt(x))
        : dtype === 'int32'
          ? Int32Array.of(x)
          : Float32Array.of(x)
    return this.constant(dtype, [], data)
  }

  ints(xs: readonly number[]): string {
    return this.constant('int64', [xs.length], BigInt64Array.from(xs, BigInt))
  }

  ones(n: number): string {
    return this.shared(`ones ${n}`, () => this.constant('float32', [1, n], new Float32Array(n).fill(1)))
  }

  shared(key: string, make: () => string): string {
    let name = this.#shared.get(key)
    if (name === undefined) {
      name = make()
      this.#shared.set(key, name)
    }
    return name
  }

  dtypeCode(dtype: DType): number {
    return DTYPE_CODES[dtype]
  }

  #label(index: number): string {
    const node = this.#node
    if (!node) return 'output'
    return `${node.scope ? `${node.scope}/` : ''}${node.op.name}${index > 0 ? `.${index}` : ''}`
  }

  #fresh(label: string, used = this.#used): string {
    let name = label
    while (used.has(name)) name = `${label}_${++this.#count}`
    used.add(name)
    return name
  }
}

/** ONNX Reshape target: 0 copies a dimension, one −1 is inferred. */
function reshapeTarget(from: Shape, to: Shape): number[] {
  if (isStatic(to)) return [...to]
  const target = to.map((dim, i) => (typeof dim === 'number' ? dim : dim === from[i] ? 0 : -1))
  if (target.filter((d) => d === -1).length > 1)
    throw new GraphError(`${formatShape(from)} cannot be reshaped to ${formatShape(to)} with symbols`)
  return target
}

/** An output's Identity disappears where its input is a node's output that nobody else names. */
function absorbIdentities(nodes: readonly OnnxNode[], outputs: ReadonlySet<string>): OnnxNode[] {
  const producers = new Set(nodes.flatMap((n) => n.outputs))
  const renamed = new Map<string, string>()
  const kept = nodes.filter((n) => {
    const [input, output] = [n.inputs[0]!, n.outputs[0]!]
    if (n.opType !== 'Identity' || !outputs.has(output)) return true
    if (!producers.has(input) || outputs.has(input) || renamed.has(input)) return true
    renamed.set(input, output)
    return false
  })
  const rename = (name: string) => renamed.get(name) ?? name
  return kept.map((n) => ({ ...n, inputs: n.inputs.map(rename), outputs: n.outputs.map(rename) }))
}
