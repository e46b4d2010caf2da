/** The only file that knows protobuf: plain records in, ModelProto bytes out. */
import { create, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType,
  type AttributeProto,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  TensorProto_DataType as DataType,
  TensorShapeProtoSchema,
  TensorShapeProto_DimensionSchema,
  TypeProtoSchema,
  TypeProto_TensorSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import type { DType, HostArray } from '../ir/dtype'
import type { OnnxAttr } from '../ir/operator'
import type { Shape } from '../ir/shape'

export interface OnnxNode {
  readonly name: string
  readonly domain: string
  readonly opType: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attrs: Readonly<Record<string, OnnxAttr>>
}

export interface OnnxTensor {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: HostArray
}

export interface OnnxValueInfo {
  readonly name: string
  readonly dtype: DType
  readonly shape: Shape
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  readonly inputs: readonly OnnxValueInfo[]
  readonly outputs: readonly OnnxValueInfo[]
}

export const OPSET = 18
const IR_VERSION = 9n

export const DTYPE_CODES: Readonly<Record<DType, number>> = {
  float32: DataType.FLOAT,
  float16: DataType.FLOAT16,
  int64: DataType.INT64,
  int32: DataType.INT32,
  bool: DataType.BOOL,
}

export function modelBytes(graph: OnnxGraph): Uint8Array {
  const domains = new Set(graph.nodes.map((n) => n.domain).filter((d) => d !== ''))
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'tunesmith',
    opsetImport: [
      create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(OPSET) }),
      ...[...domains].map((domain) => create(OperatorSetIdProtoSchema, { domain, version: 1n })),
    ],
    graph: create(GraphProtoSchema, {
      name: 'graph',
      node: graph.nodes.map((n) =>
        create(NodeProtoSchema, {
          name: n.name,
          opType: n.opType,
          domain: n.domain,
          input: [...n.inputs],
          output: [...n.outputs],
          attribute: Object.entries(n.attrs).map(([name, value]) => attribute(name, value)),
        }),
      ),
      initializer: graph.initializers.map((t) =>
        create(TensorProtoSchema, {
          name: t.name,
          dataType: DTYPE_CODES[t.dtype],
          dims: t.shape.map(BigInt),
          rawData: new Uint8Array(t.data.buffer as ArrayBuffer, t.data.byteOffset, t.data.byteLength),
        }),
      ),
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
    }),
  })
  return toBinary(ModelProtoSchema, model)
}

function attribute(name: string, value: OnnxAttr): AttributeProto {
  if (typeof value === 'string')
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.STRING,
      s: Uint8Array.from(Buffer.from(value)),
    })
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) })
  if ('float' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float })
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) })
}

function valueInfo({ name, dtype, shape }: OnnxValueInfo) {
  const dim = shape.map((d) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof d === 'number' ? { case: 'dimValue', value: BigInt(d) } : { case: 'dimParam', value: d },
    }),
  )
  const tensor = create(TypeProto_TensorSchema, {
    elemType: DTYPE_CODES[dtype],
    shape: create(TensorShapeProtoSchema, { dim }),
  })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  })
}
