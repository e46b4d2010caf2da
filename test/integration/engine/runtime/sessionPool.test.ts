import { afterAll, describe, expect, it } from 'vitest'
import { Graph } from '../../../../src/main/engine/ir/graph'
import { linear, reshape, softmax, transpose } from '../../../../src/main/engine/ops'
import { Session } from '../../../../src/main/engine/runtime/session'
import { SessionPool } from '../../../../src/main/engine/runtime/sessionPool'

/** x [B,T,6] and W [8,6] → softmax over 4 of two heads, [B,2,T,4]. */
function headsGraph(rows: number, length: number): Graph {
  const graph = new Graph()
  const x = graph.feed('x', 'float32', [rows, length, 6])
  const y = linear(x, graph.param('w', [8, 6]), undefined, { transW: true })
  graph.output('y', softmax(transpose(reshape(y, [rows, length, 2, 4]), [0, 2, 1, 3])))
  return graph
}

function inputs(rows: number, length: number) {
  const wave = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 1.7))
  return {
    x: { dtype: 'float32' as const, shape: [rows, length, 6], data: wave(rows * length * 6) },
    w: { dtype: 'float32' as const, shape: [8, 6], data: wave(48) },
  }
}

describe('SessionPool', () => {
  const pool = new SessionPool({ numThreads: 1 })
  afterAll(() => pool.release())

  it('runs every batch shape in one session, with the bits of a session of its own', async () => {
    const sessions = new Set<Session>()
    for (const [rows, length] of [
      [3, 5],
      [2, 9],
      [7, 3],
    ] as const) {
      const graph = headsGraph(rows, length)
      const { session, constants } = await pool.sessionFor(graph)
      sessions.add(session)
      const size = rows * 2 * length * 4
      const y = { dtype: 'float32' as const, shape: [rows, 2, length, 4], data: new Float32Array(size) }
      await session.run({ ...inputs(rows, length), ...constants }, { y })
      const own = await Session.create(graph, { numThreads: 1 })
      expect(y.data).toEqual((await own.evaluate(inputs(rows, length)))['y']!.data)
      await own.release()
    }
    expect(sessions.size).toBe(1)
  })

  it('still tells what goes wrong in a run', async () => {
    const { session, constants } = await pool.sessionFor(headsGraph(3, 5))
    const { w } = inputs(3, 5)
    const x = { dtype: 'float32' as const, shape: [3, 5, 7], data: new Float32Array(105) }
    const y = { dtype: 'float32' as const, shape: [3, 2, 5, 4], data: new Float32Array(120) }
    await expect(session.run({ x, w, ...constants }, { y })).rejects.toThrow(/Gemm|MatMul|Reshape/)
  })

  it('gives another structure a session of its own', async () => {
    const one = await pool.sessionFor(headsGraph(3, 5))
    const other = new Graph()
    other.output('y', softmax(other.feed('x', 'float32', [3, 5])))
    expect((await pool.sessionFor(other)).session).not.toBe(one.session)
  })
})
