import { describe, expect, it } from 'vitest'
import { backward } from '../../../../src/main/engine/autodiff/backward'
import { Graph, type Value } from '../../../../src/main/engine/ir/graph'
import { defineOp } from '../../../../src/main/engine/ops/define'
import { apply } from '../../../../src/main/engine/ops/define'
import * as ops from '../../../../src/main/engine/ops'

function operators(graph: Graph, from: number): string[] {
  return graph.nodes.slice(from).map((node) => node.op.name)
}

describe('backward', () => {
  it('does nothing for frozen parameters, and nothing below the lowest trainable layer', () => {
    const graph = new Graph()
    const x = graph.feed('x', 'float32', [2, 3])
    const hidden = ops.tanh(ops.linear(x, graph.param('first', [3, 3], { trainable: false })))
    const loss = ops.reduceSum(ops.linear(hidden, graph.param('second', [3, 1])))
    const before = graph.nodes.length
    const { dense } = backward(loss)
    expect([...dense.keys()]).toEqual(['second'])
    const made = operators(graph, before)
    expect(made.filter((name) => name === 'Gemm')).toHaveLength(1)
    expect(made).not.toContain('Linear')
    expect(made).not.toContain('Mul')
  })

  it('passes through frozen layers above a trainable one', () => {
    const graph = new Graph()
    const x = graph.feed('x', 'float32', [2, 3])
    const hidden = ops.linear(x, graph.param('first', [3, 3]))
    const loss = ops.reduceSum(ops.linear(hidden, graph.param('second', [3, 1], { trainable: false })))
    expect([...backward(loss).dense.keys()]).toEqual(['first'])
  })

  it('adds what flows in from several readers, and to tied parameters', () => {
    const graph = new Graph()
    const w = graph.param('w', [3, 3])
    const x = graph.feed('x', 'float32', [2, 3])
    const before = graph.nodes.length
    backward(ops.reduceSum(ops.linear(ops.linear(x, w), w)))
    expect(operators(graph, before).filter((name) => name === 'Add')).toHaveLength(1)
  })

  it('leaves out parameters the loss does not depend on', () => {
    const graph = new Graph()
    graph.param('unused', [2])
    const { dense, rows } = backward(ops.reduceSum(graph.param('used', [2])))
    expect([...dense.keys()]).toEqual(['used'])
    expect(rows).toEqual([])
  })

  it('returns the rows of a table that were read, by ids and by range', () => {
    const graph = new Graph()
    const ids = graph.feed('ids', 'int32', [2, 4])
    const words = graph.param('words', [10, 3], { gradient: 'rows' })
    const places = graph.param('places', [8, 3], { gradient: 'rows' })
    const { dense, rows } = backward(
      ops.reduceSum(ops.add(ops.gather(words, ids), ops.slice(places, 0, 0, 4))),
    )
    expect(dense.size).toBe(0)
    expect(rows.map((r) => [r.param.name, r.rows.shape, 'ids' in r.at ? r.at.ids : r.at])).toEqual(
      expect.arrayContaining([
        ['words', [2, 4, 3], ids],
        ['places', [4, 3], { start: 0, end: 4 }],
      ]),
    )
  })

  it('gives a row table that is read otherwise (a tied head) its dense gradient too', () => {
    const graph = new Graph()
    const ids = graph.feed('ids', 'int32', [2])
    const words = graph.param('words', [10, 3], { gradient: 'rows' })
    const logits = ops.linear(ops.gather(words, ids), words, undefined, { transW: true })
    const { dense, rows } = backward(ops.reduceSum(logits))
    expect(dense.get('words')?.shape).toEqual([10, 3])
    expect(rows).toHaveLength(1)
  })

  it('wants numbers for every dimension on the path', () => {
    const graph = new Graph()
    const y = ops.linear(graph.feed('x', 'float32', ['B', 3]), graph.param('w', [3, 3]))
    expect(() => backward(ops.reduceSum(y))).toThrow('the backward pass needs numbers for every dimension')
  })

  it('tells forbidden from non-differentiable', () => {
    const Opaque = defineOp('TestOpaque', {
      shape: ([x]) => x!,
      emit: (e, n) => {
        e.alias(n.outputs[0]!, n.input(0))
      },
      grad: 'forbidden',
    })
    const graph = new Graph()
    const w = graph.param('w', [2])
    expect(() => backward(ops.reduceSum(apply(Opaque, [w], {})))).toThrow(
      'TestOpaque cannot be differentiated',
    )
    const stopped: Value = ops.cast(ops.greater(w, ops.scalar(graph, 0)), 'float32')
    expect(backward(ops.reduceSum(stopped)).dense.size).toBe(0)
  })
})
