import { describe, expect, it } from 'vitest'
import { singleLabel } from '../../../src/main/worker/problems/singleLabel'
import type { Known } from '../../../src/main/worker/problems/problem'
import { labelMetrics } from '../../../src/main/worker/run/metrics'

const logits = Float32Array.of(2, 0, 1, /**/ 0, 3, 0, /**/ 1, 0, 4, /**/ 5, 1, 1)

describe('labelMetrics', () => {
  it('gives accuracy and macro averages by their usual names', () => {
    const metrics = labelMetrics([0, 1, 2, 0], [0, 1, 1, 2], 3)
    expect(metrics.accuracy).toBe(0.5)
    expect(metrics.precision).toBeCloseTo((0.5 + 1 + 0) / 3, 12)
    expect(metrics.recall).toBeCloseTo((1 + 0.5 + 0) / 3, 12)
    expect(metrics.f1).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3, 12)
    expect(metrics.matthews_correlation).toBeGreaterThan(0)
  })
})

describe('one class a row', () => {
  it('names the likeliest label and gives every probability', () => {
    const encoded = {
      ids: new Int32Array(0),
      offsets: Int32Array.of(0, 0, 0),
      typeIds: null,
      words: null,
      truncatedRows: 0,
    }
    const known = { labels: ['x', 'y', 'z'] } as unknown as Known
    const [first, second] = singleLabel.describe(
      [{ text: 'a' }, { text: 'b', text_pair: 'c', reference: 'y' }],
      encoded,
      encoded,
      logits.subarray(0, 6),
      known,
    )
    const sum = Math.exp(2) + 1 + Math.exp(1)
    expect(first).toMatchObject({ text: 'a', label: 'x' })
    const { scores } = first as { scores: Record<string, number> }
    expect(scores.x).toBeCloseTo(Math.exp(2) / sum, 12)
    expect(scores.z).toBeCloseTo(Math.exp(1) / sum, 12)
    expect(second).toMatchObject({ text: 'b', text_pair: 'c', reference: 'y', label: 'y' })
  })
})
