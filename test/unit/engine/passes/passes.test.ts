import { describe, expect, it } from 'vitest'
import { Graph, type Value } from '../../../../src/main/engine/ir/graph'
import { printGraph } from '../../../../src/main/engine/ir/print'
import { verifyGraph } from '../../../../src/main/engine/ir/verify'
import * as ops from '../../../../src/main/engine/ops'
import { shareCommonSubexpressions } from '../../../../src/main/engine/passes/cse'
import { removeDeadCode } from '../../../../src/main/engine/passes/dce'
import { foldAlgebra } from '../../../../src/main/engine/passes/fold'
import { pushGather } from '../../../../src/main/engine/passes/pushGather'
import { foldScales, splitGelu } from '../../../../src/main/engine/passes/scales'
import { shrinkMasks } from '../../../../src/main/engine/passes/shrinkMasks'
import { type Pass, trainingGraph } from '../../../../src/main/engine/passes/trainingGraph'

/** Node lines of the printed graph after the passes, dead code removed. */
function after(build: (graph: Graph) => Value, ...passes: Pass[]): string[] {
  const graph = new Graph()
  graph.output('y', build(graph))
  let current = graph
  for (const pass of [...passes, removeDeadCode]) {
    current = pass(current)
    verifyGraph(current)
  }
  return printGraph(current)
    .split('\n')
    .filter((line) => line.startsWith('%') || line.startsWith('mask'))
}
const x = (graph: Graph, ...shape: number[]) => graph.feed('x', 'float32', shape)

describe('removeDeadCode', () => {
  it('drops nodes and feeds that no output needs', () => {
    const graph = new Graph()
    const [a, b] = [graph.feed('a', 'float32', [1]), graph.feed('b', 'float32', [1])]
    ops.exp(ops.add(a, b))
    graph.output('y', ops.relu(a))
    const clean = removeDeadCode(graph)
    expect(printGraph(clean)).toBe('feed a: float32[1]\n%1: float32[1] = Relu(a)\noutput y = %1\n')
  })
})

describe('shareCommonSubexpressions', () => {
  it('computes equal nodes once, and tells attributes apart', () => {
    const lines = after((g) => {
      const v = x(g, 2)
      return ops.add(ops.add(ops.scale(v, 2), ops.scale(v, 2)), ops.scale(v, 3))
    }, shareCommonSubexpressions)
    expect(lines).toHaveLength(4)
  })
})

describe('foldAlgebra', () => {
  it('joins reshapes and transposes, and drops those that cancel', () => {
    expect(after((g) => ops.reshape(ops.reshape(x(g, 2, 6), [3, 4]), [12]), foldAlgebra)).toEqual([
      '%1: float32[12] = Reshape(x) {shape=[12]}',
    ])
    expect(
      after((g) => ops.exp(ops.transpose(ops.transpose(x(g, 2, 3, 4), [2, 0, 1]), [1, 2, 0])), foldAlgebra),
    ).toEqual(['%1: float32[2,3,4] = Exp(x)'])
  })

  it('turns arithmetic with a scalar constant into a scale', () => {
    expect(after((g) => ops.mul(x(g, 2), ops.scalar(g, 3)), foldAlgebra)).toEqual([
      '%1: float32[2] = Affine(x) {factor=3 offset=0}',
    ])
    expect(after((g) => ops.mul(x(g, 2), ops.scalar(g, 1)), foldAlgebra)).toEqual([])
  })
})

describe('foldScales', () => {
  it('moves a scale into the product before it, through a dropout mask', () => {
    const lines = after((g) => {
      const y = ops.linear(x(g, 2, 3), g.param('w', [3, 4]), g.param('b', [4]))
      return ops.dropout(y, g.input('m', 'mask', 'bool', [2, 4]), 0.5)
    }, foldScales)
    expect(lines).toEqual([
      'mask m: bool[2,4]',
      '%1: float32[2,4] = Linear(x, w, b) {alpha=2 beta=2}',
      '%2: float32[2,4] = MaskZero(%1, m)',
    ])
  })

  it('moves a scale into the product after it, but not into its bias', () => {
    expect(
      after((g) => ops.linear(ops.scale(x(g, 2, 3), 4), g.param('w', [3, 1]), g.param('b', [1])), foldScales),
    ).toEqual(['%1: float32[2,1] = Linear(x, w, b) {alpha=4 beta=1}'])
  })

  it('leaves a product alone whose unscaled value is read too', () => {
    const lines = after((g) => {
      const y = ops.linear(x(g, 2, 3), g.param('w', [3, 3]))
      return ops.add(y, ops.scale(y, 2))
    }, foldScales)
    expect(lines).toHaveLength(3)
  })

  it('makes the factors of GELU disappear between two layers', () => {
    const lines = after(
      (g) => ops.linear(ops.gelu(ops.linear(x(g, 2, 3), g.param('u', [3, 4]))), g.param('w', [4, 3])),
      splitGelu,
      foldScales,
    )
    expect(lines).toEqual([
      `%1: float32[2,4] = Linear(x, u) {alpha=${Math.SQRT1_2} beta=${Math.SQRT1_2}}`,
      '%2: float32[2,4], %3: float32[2,4] = ErfGate(%1)',
      `%4: float32[2,3] = Linear(%2, w) {alpha=${Math.SQRT1_2} beta=1}`,
    ])
  })
})

describe('pushGather', () => {
  it('computes one position of a layer whose other positions nobody reads', () => {
    const lines = after((g) => {
      const y = ops.linear(x(g, 2, 5, 3), g.param('w', [3, 4]), g.param('b', [4]))
      return ops.slice(ops.layerNorm(ops.tanh(y), g.param('u', [4]), g.param('v', [4]), 1e-5), 1, 0, 1)
    }, pushGather)
    expect(lines[0]).toBe('%1: float32[2,1,3] = Slice(x) {axis=1 start=0 end=1}')
    expect(lines.slice(1).every((line) => line.includes('float32[2,1,4]'))).toBe(true)
  })

  it('stops at a value that is read elsewhere', () => {
    const lines = after((g) => {
      const y = ops.tanh(x(g, 2, 5))
      return ops.add(ops.slice(y, 1, 0, 1), ops.reduceSum(y, [1], true))
    }, pushGather)
    expect(lines[0]).toBe('%1: float32[2,5] = Tanh(x)')
  })

  it('moves rows of flattened tokens, and with them the mask', () => {
    const lines = after(
      (g) => {
        const y = ops.maskZero(
          ops.gelu(ops.linear(x(g, 2, 5, 3), g.param('w', [3, 3]), g.param('b', [3]))),
          g.input('m', 'mask', 'bool', [2, 5, 3]),
        )
        return ops.gather(ops.reshape(y, [10, 3]), g.feed('rows', 'int32', [4]))
      },
      pushGather,
      removeDeadCode,
      shrinkMasks,
    )
    expect(lines).toEqual([
      'mask m: bool[4,3]',
      '%1: float32[10,3] = Reshape(x) {shape=[10,3]}',
      '%2: float32[4,3] = Gather(%1, rows) {axis=0}',
      '%3: float32[4,3] = Linear(%2, w, b) {alpha=1 beta=1}',
      '%4: float32[4,3] = Gelu(%3)',
      '%5: float32[4,3] = MaskZero(%4, m)',
    ])
  })

  it('does not cross an operator that mixes positions', () => {
    const lines = after((g) => ops.slice(ops.softmax(x(g, 2, 5), 1), 1, 0, 1), pushGather)
    expect(lines[0]).toBe('%1: float32[2,5] = Softmax(x) {axis=1}')
  })
})

describe('trainingGraph', () => {
  it('names gradients by parameter and shares outputs that are one value', () => {
    const graph = new Graph()
    const ids = graph.feed('ids', 'int32', [2, 3])
    const types = graph.feed('types', 'int32', [2, 3])
    const table = (name: string) => graph.param(name, [5, 4], { gradient: 'rows' })
    const h = ops.add(ops.gather(table('words'), ids), ops.gather(table('types_table'), types))
    graph.output('loss', ops.reduceSum(ops.linear(h, graph.param('w', [4, 1]))))
    const training = trainingGraph(graph)
    expect(training.gradients).toEqual([{ param: 'w', output: 'grad.w', shape: [4, 1] }])
    expect(training.rowGradients.map((r) => [r.param, r.at])).toEqual([
      ['words', { ids: 'ids' }],
      ['types_table', { ids: 'types' }],
    ])
    expect(new Set(training.rowGradients.map((r) => r.output)).size).toBe(1)
    verifyGraph(training.graph)
  })

  it('says which outputs there are where the loss is missing', () => {
    const graph = new Graph()
    graph.output('logits', graph.param('w', []))
    expect(() => trainingGraph(graph)).toThrow('no output named loss; there are logits')
  })
})
