// What the engine relies on in onnxruntime-node.
import { describe, expect, it } from 'vitest'
import { Graph } from '../../../../src/main/engine/ir/graph'
import { add, gelu, linear, mul, reshape, scale, transpose } from '../../../../src/main/engine/ops'
import { type HostTensor, Session } from '../../../../src/main/engine/runtime/session'
import '../../../helpers/closeness'

function float32(shape: number[], numbers: ArrayLike<number>): HostTensor {
  return { dtype: 'float32', shape, data: Float32Array.from(numbers) }
}

describe('Session', () => {
  it('reads inputs and writes outputs where they lie, run after run', async () => {
    const graph = new Graph()
    graph.output('y', scale(graph.feed('x', 'float32', [3]), 2))
    const session = await Session.create(graph, { numThreads: 1 })
    const [x, y] = [float32([3], [1, 2, 3]), float32([3], [0, 0, 0])]
    const binding = session.bind({ x }, { y })
    await binding.run()
    expect(Array.from(y.data as Float32Array)).toEqual([2, 4, 6])
    x.data[0] = 10
    await binding.run()
    expect(Array.from(y.data as Float32Array)).toEqual([20, 4, 6])
    binding.setInput('x', float32([3], [0, 0, 1]))
    await binding.run()
    expect(Array.from(y.data as Float32Array)).toEqual([0, 0, 2])
    await session.release()
  })

  it('takes views of one memory, an output that is also an input included', async () => {
    const graph = new Graph()
    graph.output('sum', add(graph.feed('sum_before', 'float32', [2]), graph.feed('x', 'float32', [2])))
    const session = await Session.create(graph, { numThreads: 1 })
    const memory = new ArrayBuffer(64)
    const sum: HostTensor = { dtype: 'float32', shape: [2], data: new Float32Array(memory, 0, 2) }
    const x: HostTensor = { dtype: 'float32', shape: [2], data: new Float32Array(memory, 32, 2) }
    ;(x.data as Float32Array).set([1, 2])
    const binding = session.bind({ sum_before: sum, x }, { sum })
    await binding.run()
    await binding.run()
    expect(Array.from(sum.data as Float32Array)).toEqual([2, 4])
    await session.release()
  })

  it('keeps weights inside where they are given, and takes symbolic dimensions', async () => {
    const graph = new Graph()
    const x = graph.feed('x', 'float32', ['B', 'T', 2])
    const w = graph.param('w', [3, 2])
    const b = graph.param('b', [3])
    const y = linear(x, w, b, { transW: true, alpha: 0.5 })
    const heads = transpose(reshape(y, ['B', 'T', 3, 1]), [0, 2, 1, 3])
    graph.output('y', gelu(mul(heads, heads)))
    const weights = new Map([
      ['w', Float32Array.of(1, 0, 0, 1, 1, 1)],
      ['b', Float32Array.of(0, 0, 1)],
    ])
    const session = await Session.create(graph, { numThreads: 1, weights })
    expect(session.inputNames).toEqual(['x'])
    for (const rows of [1, 2]) {
      const data = Array.from({ length: rows * 2 * 2 }, (_, i) => i)
      const { y: out } = await session.evaluate({ x: float32([rows, 2, 2], data) })
      expect(out!.shape).toEqual([rows, 3, 2, 1])
    }
    const { y: out } = await session.evaluate({ x: float32([1, 1, 2], [2, 4]) })
    // x·Wᵀ/2 + b = 1, 2, 4; squared 1, 4, 16; GELU of that.
    expect(Array.from(out!.data as Float32Array)).toBeAllclose([0.8413447, 3.9998733, 16], { rtol: 1e-5 })
    await session.release()
  })

  it('says in words that a provider cannot start here, and what to do', async () => {
    const graph = new Graph()
    graph.output('y', scale(graph.feed('x', 'float32', [1]), 2))
    const absent = process.platform === 'darwin' ? 'dml' : 'coreml'
    await expect(Session.create(graph, { provider: absent })).rejects.toMatchObject({
      name: 'UserError',
      code: 'environment',
      message: expect.stringContaining(`The ${absent} provider does not start`) as string,
      hint: expect.stringContaining('cpu') as string,
    })
  })
})
