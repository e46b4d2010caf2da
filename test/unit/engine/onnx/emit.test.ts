import { fromBinary } from '@bufbuild/protobuf'
import { type GraphProto, ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { Graph } from '../../../../src/main/engine/ir/graph'
import { emitOnnx, PLAIN_TARGET } from '../../../../src/main/engine/onnx/emit'
import * as ops from '../../../../src/main/engine/ops'

function emitted(graph: Graph, options = {}): GraphProto {
  return fromBinary(ModelProtoSchema, emitOnnx(graph, options)).graph!
}
const types = (graph: GraphProto) => graph.node.map((n) => n.opType)

describe('emitOnnx', () => {
  it('keeps a chain of layers flat: one Reshape in, one out', () => {
    const graph = new Graph()
    const x = graph.feed('x', 'float32', [2, 3, 4])
    const layer = (v: typeof x, name: string) =>
      ops.linear(v, graph.param(`${name}.w`, [4, 4]), graph.param(`${name}.b`, [4]))
    const y = ops.add(ops.relu(layer(ops.tanh(layer(x, 'a')), 'b')), x)
    graph.output('y', ops.layerNorm(y, graph.param('u', [4]), graph.param('v', [4]), 1e-5))
    expect(types(emitted(graph))).toEqual([
      'Reshape',
      'Gemm',
      'Tanh',
      'Gemm',
      'Relu',
      'Add',
      'LayerNormalization',
      'Reshape',
    ])
  })

  it('names inputs and outputs as the graph does, with symbols', () => {
    const graph = new Graph()
    graph.output('y', ops.exp(graph.feed('x', 'float32', ['B', 2])))
    const { input, output, node } = emitted(graph)
    expect([input[0]!.name, output[0]!.name, node[0]!.output]).toEqual(['x', 'y', ['y']])
    const type = input[0]!.type!.value
    const dims = type.case === 'tensorType' ? type.value.shape!.dim.map((d) => d.value.value) : []
    expect(dims).toEqual(['B', 2n])
  })

  it('writes weights into the file where they are given, and equal constants once', () => {
    const graph = new Graph()
    const w = graph.param('w', [2])
    graph.output('y', ops.add(ops.scale(w, 3), ops.scale(ops.exp(w), 3)))
    const { input, initializer } = emitted(graph, { weights: new Map([['w', Float32Array.of(1, 2)]]) })
    expect(input).toEqual([])
    expect(initializer.map((t) => t.dims.length)).toEqual([1, 0])
  })

  it('uses contributed operators only where the target has them', () => {
    const build = () => {
      const graph = new Graph()
      const x = graph.feed('x', 'float32', [1, 2, 3])
      graph.output(
        'y',
        ops.gelu(ops.matMul(x, graph.feed('z', 'float32', [1, 4, 3]), { transB: true, alpha: 2 })),
      )
      return graph
    }
    expect(types(emitted(build()))).toEqual(['FusedMatMul', 'Gelu'])
    const plain = emitted(build(), { target: PLAIN_TARGET })
    expect(plain.node.every((n) => n.domain === '')).toBe(true)
    expect(types(plain).slice(0, 3)).toEqual(['Transpose', 'MatMul', 'Mul'])
  })

  it('copies an input that is an output, and a value that is two outputs', () => {
    const graph = new Graph()
    const x = graph.feed('x', 'float32', [1])
    graph.output('same', x)
    const y = ops.exp(x)
    graph.output('a', y)
    graph.output('b', y)
    expect(emitted(graph).node.map((n) => [n.opType, n.input[0], n.output[0]])).toEqual([
      ['Exp', 'x', 'a'],
      ['Identity', 'x', 'same'],
      ['Identity', 'a', 'b'],
    ])
  })

  it('names nodes by module path', () => {
    const graph = new Graph()
    const x = graph.feed('x', 'float32', [1])
    graph.output(
      'y',
      graph.scope('bert.pooler', () => ops.tanh(x)),
    )
    expect(emitted(graph).node[0]!.name).toBe('bert.pooler/Tanh')
  })
})
