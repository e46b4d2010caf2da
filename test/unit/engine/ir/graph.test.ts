import { describe, expect, it } from 'vitest'
import { attrsKey, Graph } from '../../../../src/main/engine/ir/graph'
import type { Operator } from '../../../../src/main/engine/ir/operator'
import { printGraph } from '../../../../src/main/engine/ir/print'
import { verifyGraph } from '../../../../src/main/engine/ir/verify'
import { add, constant, gelu, linear, matMul, Relu, relu } from '../../../../src/main/engine/ops'

describe('Graph', () => {
  it('names operator, inputs, shapes and module path where shapes do not fit', () => {
    const graph = new Graph()
    const x = graph.feed('x', 'float32', [4, 3])
    const w = graph.param('w', [2, 5])
    expect(() =>
      graph.scope('bert', () =>
        graph.scope('encoder.layer.0', () => linear(x, w, undefined, { transW: true })),
      ),
    ).toThrow(
      'Linear at bert.encoder.layer.0: inner dimensions 3 and 5 differ (inputs 0: float32[4,3], 1: float32[2,5])',
    )
  })

  it('refuses values of another graph, and two inputs or outputs of one name', () => {
    const [a, b] = [new Graph(), new Graph()]
    const x = a.feed('x', 'float32', [1])
    const y = b.feed('x', 'float32', [1])
    expect(() => add(x, y)).toThrow('a value of another graph')
    expect(() => a.feed('x', 'int32', [2])).toThrow('two inputs named x')
    a.output('y', x)
    expect(() => a.output('y', x)).toThrow('two outputs named y')
  })

  it('gives tied parameters one value', () => {
    const graph = new Graph()
    expect(graph.param('w', [2, 2])).toBe(graph.param('w', [2, 2]))
    expect(() => graph.param('w', [2, 3])).toThrow('parameter w was [2,2], now [2,3]')
  })

  it('closes scopes when building fails', () => {
    const graph = new Graph()
    expect(() =>
      graph.scope('a', () => {
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(graph.currentScope).toBe('')
  })

  it('carries symbols through forward operators', () => {
    const graph = new Graph()
    const x = graph.feed('x', 'float32', ['B', 'T', 4])
    const y = gelu(linear(x, graph.param('w', [3, 4]), graph.param('b', [3]), { transW: true }))
    expect(y.shape).toEqual(['B', 'T', 3])
    expect(matMul(y, y, { transB: true }).shape).toEqual(['B', 'T', 'T'])
  })
})

describe('printGraph', () => {
  it('numbers by use, one node a line', () => {
    const graph = new Graph()
    const x = graph.feed('x', 'float32', [2, 3])
    const w = graph.param('w', [3, 1], { trainable: false })
    const y = graph.scope('head', () => relu(linear(x, w)))
    graph.output('y', add(y, constant(graph, 'float32', [1], Float32Array.of(2))))
    expect(printGraph(graph)).toBe(
      [
        'feed x: float32[2,3]',
        'param w: float32[3,1] frozen',
        '-- head',
        '%1: float32[2,1] = Linear(x, w) {alpha=1 beta=1}',
        '%2: float32[2,1] = Relu(%1)',
        '-- ',
        '%3: float32[1] = Constant() {dtype=float32 shape=[1] data=(2)}',
        '%4: float32[2,1] = Add(%2, %3)',
        'output y = %4',
        '',
      ].join('\n'),
    )
  })
})

describe('verifyGraph', () => {
  it('accepts what the wrappers build', () => {
    const graph = new Graph()
    graph.output('y', relu(graph.feed('x', 'float32', [2])))
    expect(() => {
      verifyGraph(graph)
    }).not.toThrow()
  })

  it('finds nodes out of order and outputs nobody makes', () => {
    const graph = new Graph()
    const x = graph.feed('x', 'float32', [2])
    graph.output('y', relu(relu(x)))
    graph.nodes.reverse()
    expect(() => {
      verifyGraph(graph)
    }).toThrow('Relu: input 0 is used before it is made')
    graph.nodes.length = 0
    expect(() => {
      verifyGraph(graph)
    }).toThrow('output y dangles')
  })

  it('finds types that their rule does not give', () => {
    const graph = new Graph()
    const node = graph.add(Relu, [graph.feed('x', 'float32', [2])], {})
    const lying: Operator = { ...node.op, infer: () => [{ dtype: 'float32', shape: [3] }] }
    graph.nodes[0] = { ...node, op: lying }
    expect(() => {
      verifyGraph(graph)
    }).toThrow('Relu: output 0 is float32[2], its rule says float32[3]')
  })

  it('wants dropout masks to be bool', () => {
    const graph = new Graph()
    graph.input('m', 'mask', 'float32', [1])
    expect(() => {
      verifyGraph(graph)
    }).toThrow('mask m must be bool')
  })
})

it('attrsKey tells attributes apart, whatever their order', () => {
  expect(attrsKey({ a: 1, b: [1, 2] })).toBe(attrsKey({ b: [1, 2], a: 1 }))
  expect(attrsKey({ a: Float32Array.of(1) })).not.toBe(attrsKey({ a: Float32Array.of(2) }))
  expect(attrsKey({ a: 1 })).not.toBe(attrsKey({ a: 1, b: 1 }))
})
