// Every kind of attention against PyTorch and Transformers: context and gradients, with numbers and with symbols as dimensions.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Graph, type Value } from '../../../../src/main/engine/ir/graph'
import type { Shape } from '../../../../src/main/engine/ir/shape'
import { RelativeBias } from '../../../../src/main/engine/nn/relativeBias'
import { attention, type AttentionOptions } from '../../../../src/main/engine/ops/attention'
import { mul } from '../../../../src/main/engine/ops/elementwise'
import { axisPositions } from '../../../../src/main/engine/ops/position'
import { reduceSum } from '../../../../src/main/engine/ops/reduce'
import { causal } from '../../../../src/main/engine/ops/relative'
import { rotary } from '../../../../src/main/engine/ops/rotary'
import { trainingGraph } from '../../../../src/main/engine/passes/trainingGraph'
import { type HostTensor, Session } from '../../../../src/main/engine/runtime/session'
import { largestDifference, relativeDistance } from './fixtures'

interface Tensor {
  shape: number[]
  data: number[]
}
interface Case {
  name: string
  q: Tensor
  k: Tensor
  v: Tensor
  bias?: Tensor
  upstream: number[]
  context: number[]
  gradients: Record<string, number[]>
}
interface Golden {
  relative: { buckets: number; max_distance: number }
  cases: Case[]
  distances: number[]
  bucket_of: { bidirectional: boolean; buckets: number; max_distance: number; of: number[] }[]
}

const file = new URL('../../../golden/attention/attention.json', import.meta.url)
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden

/** What each case adds to plain attention. */
const VARIATIONS: Record<
  string,
  { options?: AttentionOptions; rotaryBase?: number; bidirectional?: boolean }
> = {
  'multi-head': {},
  'multi-query': {},
  'grouped-query': {},
  causal: { options: { reach: causal() } },
  'causal with kept keys': { options: { reach: causal() } },
  'sliding window': { options: { reach: causal(3) } },
  'local window': { options: { reach: { before: 1, after: 1 } } },
  'relative bias': { options: { scale: 1 }, bidirectional: true },
  'relative bias, causal': { options: { scale: 1, reach: causal() }, bidirectional: false },
  rotary: { rotaryBase: 10_000 },
  'rotary, causal, grouped-query': { options: { reach: causal() }, rotaryBase: 100 },
}

function contextOf(graph: Graph, name: string, [q, k, v]: [Value, Value, Value]): Value {
  const { options = {}, rotaryBase: base, bidirectional } = VARIATIONS[name]!
  const turned = (x: Value) => (base === undefined ? x : rotary(x, axisPositions(x, 2), { base }))
  const [buckets, maxDistance] = [golden.relative.buckets, golden.relative.max_distance]
  const relative =
    bidirectional === undefined
      ? undefined
      : new RelativeBias('bias', { heads: 4, buckets, maxDistance, bidirectional, std: 1 })
  const bias = relative?.apply({ graph, training: true }, q, k)
  return attention(turned(q), turned(k), v, { ...options, ...(bias && { bias }) }).context
}

const tensor = ({ shape, data }: Tensor): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(data),
})

describe.each(golden.cases)('attention: $name', (one) => {
  const { q, k, v, bias } = one
  const feeds = {
    q: tensor(q),
    k: tensor(k),
    v: tensor(v),
    ...(bias && { 'bias.weight': tensor(bias) }),
  }

  it('gives the context and the gradients of the reference', async () => {
    const graph = new Graph()
    const leaves = [graph.param('q', q.shape), graph.param('k', k.shape), graph.param('v', v.shape)]
    const context = contextOf(graph, one.name, leaves as [Value, Value, Value])
    graph.output('context', context)
    graph.output('loss', reduceSum(mul(context, graph.feed('upstream', 'float32', q.shape))))
    const training = trainingGraph(graph)
    const session = await Session.create(training.graph, { numThreads: 1 })
    const outputs = await session.evaluate({
      ...feeds,
      upstream: tensor({ shape: q.shape, data: one.upstream }),
    })
    await session.release()
    expect(largestDifference(outputs['context']!.data as Float32Array, one.context)).toBeLessThanOrEqual(1e-5)
    expect(training.gradients).toHaveLength(Object.keys(one.gradients).length)
    for (const { param, output } of training.gradients) {
      const ours = outputs[output]!.data as Float32Array
      const expected = one.gradients[param === 'bias.weight' ? 'bias' : param]!
      expect(relativeDistance(ours, expected), param).toBeLessThanOrEqual(1e-4)
      expect(largestDifference(ours, expected), param).toBeLessThanOrEqual(1e-5)
    }
  })

  it('gives the same where batch and lengths are symbols', async () => {
    const graph = new Graph()
    const dims = (shape: number[], length: string): Shape => ['batch', shape[1]!, length, shape[3]!]
    const context = contextOf(graph, one.name, [
      graph.feed('q', 'float32', dims(q.shape, q.shape[2] === k.shape[2] ? 'keys' : 'queries')),
      graph.feed('k', 'float32', dims(k.shape, 'keys')),
      graph.feed('v', 'float32', dims(v.shape, 'keys')),
    ])
    graph.output('context', context)
    const session = await Session.create(graph, { numThreads: 1 })
    const outputs = await session.evaluate(feeds)
    await session.release()
    expect(largestDifference(outputs['context']!.data as Float32Array, one.context)).toBeLessThanOrEqual(1e-5)
  })
})

describe('buckets of relative distance', () => {
  it.each(golden.bucket_of)(
    'are those of T5: $buckets up to $max_distance, both ways $bidirectional',
    async ({ bidirectional, buckets, max_distance: maxDistance, of }) => {
      const length = (golden.distances.length + 1) / 2
      const graph = new Graph()
      const x = graph.feed('x', 'float32', [1, length, 1])
      const layer = new RelativeBias('bias', { heads: 1, buckets, maxDistance, bidirectional, std: 1 })
      // A table that holds its own row numbers: the bias is the bucket.
      graph.output('bucket', layer.apply({ graph, training: false }, x, x))
      const session = await Session.create(graph, { numThreads: 1 })
      const { bucket } = await session.evaluate({
        x: tensor({ shape: [1, length, 1], data: new Array<number>(length).fill(0) }),
        'bias.weight': tensor({ shape: [buckets, 1], data: Array.from({ length: buckets }, (_, i) => i) }),
      })
      await session.release()
      const found = golden.distances.map((distance) => {
        const [query, key] = distance < 0 ? [-distance, 0] : [0, distance]
        return bucket!.data[query * length + key]
      })
      expect(found).toEqual(of)
    },
  )
})
