/** The rate of bare MatMuls on onnxruntime, taken again and again beside the work it is compared with. */
import { Graph } from '../src/main/engine/ir/graph'
import { matMul } from '../src/main/engine/ops/linalg'
import { Session, type Binding, type HostTensor } from '../src/main/engine/runtime/session'
import { ENCODER_SHAPES } from '../src/main/worker/gemmRate'

const SLICE_MS = 700
/** Products in one call, so that the way into the runtime and back is not counted against the MatMul. */
const CHAINS = 6

/** The processor's clock moves from second to second, so both sides are sustained rates of neighbouring seconds. */
export class MatMulProbe {
  private constructor(
    private readonly binding: Binding,
    private readonly flops: number,
  ) {}

  /** An encoder's products, [2048,384]·[384,384]·[384,1536]·[1536,384], one after the other and nothing between. */
  static async open(numThreads: number): Promise<MatMulProbe> {
    const graph = new Graph()
    const [rows, width] = ENCODER_SHAPES[0]!
    const feeds: Record<string, HostTensor> = { x: matrix([rows, width]) }
    let x = graph.feed('x', 'float32', [rows, width])
    let flops = 0
    for (let chain = 0; chain < CHAINS; chain++)
      ENCODER_SHAPES.forEach(([m, k, n], i) => {
        const name = `w${chain}.${i}`
        feeds[name] = matrix([k, n])
        x = matMul(x, graph.feed(name, 'float32', [k, n]))
        flops += 2 * m * k * n
      })
    graph.output('y', x)
    const session = await Session.create(graph, { numThreads })
    return new MatMulProbe(session.bind(feeds, { y: matrix([rows, width]) }), flops)
  }

  /** Sustained GFLOP/s. */
  async gflops(): Promise<number> {
    let runs = 0
    const startMs = performance.now()
    do {
      await this.binding.run()
      runs++
    } while (performance.now() - startMs < SLICE_MS)
    return (runs * this.flops) / (performance.now() - startMs) / 1e6
  }
}

/** Small values, so that a chain of products stays far from the ends of float32. */
function matrix(shape: readonly [number, number]): HostTensor {
  const data = Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => (((i * 7) % 13) - 6) / 260)
  return { dtype: 'float32', shape, data }
}
