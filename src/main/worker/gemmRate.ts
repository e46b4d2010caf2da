/** How fast a bare MatMul runs on onnxruntime here: what every other speed is measured against. */
import { Graph } from '../engine/ir/graph'
import { matMul } from '../engine/ops/linalg'
import { Session, type HostTensor } from '../engine/runtime/session'

export type MatMulShape = readonly [m: number, k: number, n: number]

/** The products of a 6-layer, 384-wide encoder at 16 × 128 tokens. */
export const ENCODER_SHAPES: readonly MatMulShape[] = [
  [2048, 384, 384],
  [2048, 384, 1536],
  [2048, 1536, 384],
]

const LEAST_REPEATS = 5
const LEAST_MS = 300

/** GFLOP/s of x [m,k] · w [k,n], the fastest of several runs. */
export async function measureMatMul([m, k, n]: MatMulShape, numThreads: number | null): Promise<number> {
  const graph = new Graph()
  graph.output('y', matMul(graph.feed('x', 'float32', [m, k]), graph.feed('w', 'float32', [k, n])))
  const session = await Session.create(graph, numThreads === null ? {} : { numThreads })
  const binding = session.bind({ x: filled([m, k]), w: filled([k, n]) }, { y: filled([m, n]) })
  let bestMs = Infinity
  const startMs = performance.now()
  for (let run = 0; run < LEAST_REPEATS || performance.now() - startMs < LEAST_MS; run++) {
    const beforeMs = performance.now()
    await binding.run()
    bestMs = Math.min(bestMs, performance.now() - beforeMs)
  }
  await session.release()
  return (2 * m * k * n) / bestMs / 1e6
}

/** Rate over all shapes together: their arithmetic divided by their time. */
export async function measureGemmRate(
  numThreads: number | null,
  shapes: readonly MatMulShape[] = ENCODER_SHAPES,
): Promise<number> {
  let flops = 0
  let time = 0
  for (const shape of shapes) {
    const work = 2 * shape[0] * shape[1] * shape[2]
    flops += work
    time += work / (await measureMatMul(shape, numThreads))
  }
  return flops / time
}

function filled(shape: readonly number[]): HostTensor {
  const size = shape.reduce((a, b) => a * b, 1)
  return {
    dtype: 'float32',
    shape,
    data: Float32Array.from({ length: size }, (_, i) => ((i * 7) % 13) / 13 - 0.5),
  }
}
