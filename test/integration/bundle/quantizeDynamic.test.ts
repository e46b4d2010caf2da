import { describe, expect, it } from 'vitest'
import { Graph } from '../../../src/main/engine/ir/graph'
import type { HostArray } from '../../../src/main/engine/ir/dtype'
import { emitOnnx, PLAIN_TARGET } from '../../../src/main/engine/onnx/emit'
import { quantizeDynamic } from '../../../src/main/engine/onnx/quantizeDynamic'
import { linear } from '../../../src/main/engine/ops/linalg'
import { gather } from '../../../src/main/engine/ops/movement'
import { Session } from '../../../src/main/engine/runtime/session'

const [V, H, N, C] = [300, 64, 96, 3]

function noise(size: number, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length: size }, () => {
    state = (state * 1664525 + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

const weights = new Map<string, HostArray>([
  ['table', noise(V * H, 1)],
  ['dense.weight', noise(N * H, 2)],
  ['dense.bias', noise(N, 3)],
  ['head.weight', noise(C * N, 4)],
])

/** Embedding → linear → small head, with symbolic batch and length. */
function model(): Uint8Array {
  const graph = new Graph()
  const ids = graph.feed('ids', 'int64', ['batch', 'sequence'])
  const x = gather(graph.param('table', [V, H]), ids)
  const y = linear(x, graph.param('dense.weight', [N, H]), graph.param('dense.bias', [N]), { transW: true })
  graph.output('y', linear(y, graph.param('head.weight', [C, N]), undefined, { transW: true }))
  return emitOnnx(graph, { target: PLAIN_TARGET, weights })
}

async function run(bytes: Uint8Array, rows: number, length: number): Promise<Float32Array> {
  const session = await Session.load(bytes, { numThreads: 1 })
  const data = BigInt64Array.from({ length: rows * length }, (_, i) => BigInt((i * 37) % V))
  const { y } = await session.evaluate({ ids: { dtype: 'int64', shape: [rows, length], data } })
  await session.release()
  return y!.data as Float32Array
}

describe('quantizeDynamic', () => {
  it('keeps the answers within the step of seven bits, at any shape', async () => {
    const [exact, quantized] = [model(), quantizeDynamic(model())]
    for (const [rows, length] of [
      [1, 5],
      [4, 9],
    ] as const) {
      const [a, b] = [await run(exact, rows, length), await run(quantized, rows, length)]
      const error = Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0) / a.length)
      const scale = Math.sqrt(a.reduce((sum, v) => sum + v * v, 0) / a.length)
      expect(error / scale).toBeLessThan(0.02)
      expect(error).toBeGreaterThan(0)
    }
  })

  it('holds the large weights once, in a quarter of the bytes', () => {
    const floatBytes = 4 * (V * H + N * H)
    const saved = model().length - quantizeDynamic(model()).length
    expect(saved).toBeGreaterThan(0.6 * floatBytes)
  })

  it('gives the same bytes twice', () => {
    expect(Buffer.compare(quantizeDynamic(model()), quantizeDynamic(model()))).toBe(0)
  })
})
