/**
 * Dynamic int8 quantization of an ONNX file, operator for operator as onnxruntime's `quantize_dynamic` does it:
 * MatMul with a weight becomes DynamicQuantizeLinear → MatMulInteger → Cast → Mul, an embedding table's Gather reads
 * int8 rows. Weights keep one scale a column (MatMul) or row (Gather).
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
} from 'onnx-buf'
import { invariant } from '../../../shared/errors'

/**
 * MatMul weights use 7 of 8 bits (`reduce_range` in onnxruntime): on processors without VNNI the 8-bit product of two
 * pairs can exceed 16 bits and saturate.
 */
const MATMUL_LIMIT = 63
const TABLE_LIMIT = 127
/** Smaller weights (a classifier's head, token types) stay float32: nothing to win. */
const LEAST_ELEMENTS = 4096

/** ModelProto bytes in and out; inputs, outputs and everything but the weights' products are unchanged. */
export function quantizeDynamic(bytes: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes)
  invariant(model.graph, 'an ONNX model has a graph')
  new GraphQuantizer(model.graph).run()
  return toBinary(ModelProtoSchema, model)
}

interface Weight {
  values: Float32Array
  rows: number
  columns: number
}

class GraphQuantizer {
  readonly #initializers: Map<string, TensorProto>
  readonly #producers = new Map<string, NodeProto>()
  /** Quantized activations by their float name: each is quantized once, however many products read it. */
  readonly #activations = new Map<string, { values: string; scale: string; zeroPoint: string }>()
  readonly #weights = new Map<string, { values: string; scale: string }>()
  #nodes: NodeProto[] = []

  constructor(readonly graph: GraphProto) {
    this.#initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]))
    for (const node of graph.node) for (const output of node.output) this.#producers.set(output, node)
  }

  run(): void {
    for (const node of this.graph.node) {
      if (node.opType === 'MatMul' && node.domain === '' && this.#quantizeMatMul(node)) continue
      if (node.opType === 'Gather' && this.#quantizeGather(node)) continue
      this.#nodes.push(node)
    }
    this.#dropUnused()
  }

  #quantizeMatMul(node: NodeProto): boolean {
    const [x, w] = node.input
    const weight = this.#weightOf(w!)
    if (!weight) return false
    const a = this.#activation(x!)
    const b = this.#quantized(w!, () => quantizeColumns(weight))
    const name = node.output[0]!
    const [product, float, scale] = [`${name}.int32`, `${name}.float`, `${name}.scale`]
    this.#add('MatMulInteger', [a.values, b.values, a.zeroPoint], [product])
    this.#add('Cast', [product], [float], DataType.FLOAT)
    this.#add('Mul', [a.scale, b.scale], [scale])
    this.#add('Mul', [float, scale], [name])
    return true
  }

  /** Rows of the table: int8 row → float32 × the row's scale. */
  #quantizeGather(node: NodeProto): boolean {
    const [table, indices] = node.input
    const weight = this.#initializers.has(table!) ? this.#weightOf(table!) : undefined
    const axis = node.attribute.find((a) => a.name === 'axis')?.i ?? 0n
    if (!weight || axis !== 0n) return false
    const q = this.#quantized(table!, () => quantizeRows(weight))
    const name = node.output[0]!
    const [rows, float, scale] = [`${name}.int8`, `${name}.float`, `${name}.scale`]
    this.#add('Gather', [q.values, indices!], [rows])
    this.#add('Cast', [rows], [float], DataType.FLOAT)
    this.#add('Gather', [q.scale, indices!], [scale])
    this.#add('Mul', [float, scale], [name])
    return true
  }

  #activation(name: string) {
    let known = this.#activations.get(name)
    if (!known) {
      known = { values: `${name}.uint8`, scale: `${name}.uint8_scale`, zeroPoint: `${name}.uint8_zero` }
      this.#add('DynamicQuantizeLinear', [name], [known.values, known.scale, known.zeroPoint])
      this.#activations.set(name, known)
    }
    return known
  }

  /** The float32 matrix behind a name: an initializer, or the transpose of one. */
  #weightOf(name: string): Weight | undefined {
    const tensor = this.#initializers.get(name)
    if (tensor) {
      if (tensor.dataType !== (DataType.FLOAT as number) || tensor.dims.length !== 2) return undefined
      const [rows, columns] = tensor.dims.map(Number)
      if (rows! * columns! < LEAST_ELEMENTS) return undefined
      return { values: floats(tensor), rows: rows!, columns: columns! }
    }
    const producer = this.#producers.get(name)
    if (producer?.opType !== 'Transpose' || !this.#initializers.has(producer.input[0]!)) return undefined
    const source = this.#weightOf(producer.input[0]!)
    return source && transpose(source)
  }

  #quantized(name: string, quantize: () => QuantizedWeight): { values: string; scale: string } {
    let known = this.#weights.get(name)
    if (!known) {
      known = { values: `${name}.int8`, scale: `${name}.int8_scale` }
      const { values, shape, scales, scaleShape } = quantize()
      this.#addTensor(known.values, DataType.INT8, shape, values)
      this.#addTensor(known.scale, DataType.FLOAT, scaleShape, scales)
      this.#weights.set(name, known)
    }
    return known
  }

  #addTensor(name: string, dataType: DataType, shape: number[], data: Int8Array | Float32Array): void {
    const rawData = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
    this.graph.initializer.push(
      create(TensorProtoSchema, { name, dataType, dims: shape.map(BigInt), rawData }),
    )
  }

  #add(opType: string, input: string[], output: string[], to?: DataType): void {
    const attribute =
      to === undefined
        ? []
        : [create(AttributeProtoSchema, { name: 'to', type: AttributeType.INT, i: BigInt(to) })]
    this.#nodes.push(
      create(NodeProtoSchema, { name: `${output[0]!}/${opType}`, opType, input, output, attribute }),
    )
  }

  /** Transposes and float weights that nobody reads any more. */
  #dropUnused(): void {
    const outputs = this.graph.output.map((value) => value.name)
    const read = () => new Set([...this.#nodes.flatMap((node) => node.input), ...outputs])
    let used = read()
    this.#nodes = this.#nodes.filter((node) => node.opType !== 'Transpose' || used.has(node.output[0]!))
    used = read()
    this.graph.node = this.#nodes
    this.graph.initializer = this.graph.initializer.filter((tensor) => used.has(tensor.name))
  }
}

interface QuantizedWeight {
  values: Int8Array
  shape: number[]
  scales: Float32Array
  scaleShape: number[]
}

function quantizeColumns({ values, rows, columns }: Weight): QuantizedWeight {
  const scales = new Float32Array(columns)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) scales[c] = Math.max(scales[c]!, Math.abs(values[r * columns + c]!))
  for (let c = 0; c < columns; c++) scales[c] = (scales[c]! || 1) / MATMUL_LIMIT
  const quantized = new Int8Array(values.length)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const i = r * columns + c
      quantized[i] = Math.round(values[i]! / scales[c]!)
    }
  return { values: quantized, shape: [rows, columns], scales, scaleShape: [columns] }
}

function quantizeRows({ values, rows, columns }: Weight): QuantizedWeight {
  const scales = new Float32Array(rows)
  const quantized = new Int8Array(values.length)
  for (let r = 0; r < rows; r++) {
    const row = values.subarray(r * columns, (r + 1) * columns)
    const scale = (scales[r] = (row.reduce((max, v) => Math.max(max, Math.abs(v)), 0) || 1) / TABLE_LIMIT)
    for (let c = 0; c < columns; c++) quantized[r * columns + c] = Math.round(row[c]! / scale)
  }
  return { values: quantized, shape: [rows, columns], scales, scaleShape: [rows, 1] }
}

function transpose({ values, rows, columns }: Weight): Weight {
  const turned = new Float32Array(values.length)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c]!
  return { values: turned, rows: columns, columns: rows }
}

function floats({ rawData, floatData }: TensorProto): Float32Array {
  if (rawData.length === 0) return Float32Array.from(floatData)
  return new Float32Array(rawData.slice().buffer)
}
