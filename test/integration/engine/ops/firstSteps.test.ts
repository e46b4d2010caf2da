// The example of src/main/engine/README.md, kept true.
import { describe, expect, it } from 'vitest'
import { backward } from '../../../../src/main/engine/autodiff/backward'
import { Graph } from '../../../../src/main/engine/ir/graph'
import { verifyGraph } from '../../../../src/main/engine/ir/verify'
import { crossEntropy, gelu, linear } from '../../../../src/main/engine/ops'
import { Session } from '../../../../src/main/engine/runtime/session'

describe('the example of the engine README', () => {
  it('trains one layer by plain gradient descent', async () => {
    const graph = new Graph()
    const x = graph.feed('x', 'float32', [4, 3])
    const labels = graph.feed('labels', 'int32', [4])
    const rowWeights = graph.feed('row_weights', 'float32', [4])
    const w = graph.param('classifier.weight', [2, 3])
    const b = graph.param('classifier.bias', [2])
    const y = graph.scope('classifier', () => gelu(linear(x, w, b, { transW: true })))
    const { loss } = crossEntropy(y, labels, rowWeights)
    graph.output('loss', loss)
    const { dense } = backward(loss)
    for (const [name, gradient] of dense) graph.output(`grad.${name}`, gradient)
    verifyGraph(graph)

    const session = await Session.create(graph, { numThreads: 1 })
    const f32 = (shape: number[], numbers: number[]) => ({
      dtype: 'float32' as const,
      shape,
      data: Float32Array.from(numbers),
    })
    const weight = f32([2, 3], [0.1, -0.2, 0.3, 0.2, 0.1, -0.1])
    const bias = f32([2], [0, 0])
    const [gw, gb, l] = [f32([2, 3], new Array<number>(6).fill(0)), f32([2], [0, 0]), f32([], [0])]
    const binding = session.bind(
      {
        x: f32([4, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1]),
        labels: { dtype: 'int32', shape: [4], data: Int32Array.of(0, 1, 0, 1) },
        row_weights: f32([4], [0.25, 0.25, 0.25, 0.25]),
        'classifier.weight': weight,
        'classifier.bias': bias,
      },
      { loss: l, 'grad.classifier.weight': gw, 'grad.classifier.bias': gb },
    )
    const losses: number[] = []
    for (let step = 0; step < 60; step++) {
      await binding.run()
      losses.push(l.data[0]!)
      weight.data.forEach((v, i) => (weight.data[i] = v - 0.5 * gw.data[i]!))
      bias.data.forEach((v, i) => (bias.data[i] = v - 0.5 * gb.data[i]!))
    }
    expect(losses[0]).toBeCloseTo(Math.log(2), 1)
    expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]!)
  })
})
