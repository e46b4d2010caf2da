import { describe, expect, it } from 'vitest'
import { classificationMetrics, toPredictions } from '../../../src/main/worker/run/metrics'

const logits = Float32Array.of(2, 0, 1, /**/ 0, 3, 0, /**/ 1, 0, 4, /**/ 5, 1, 1)

describe('classificationMetrics', () => {
  it('gives accuracy and macro averages by their usual names', () => {
    // Predicted 0 1 2 0 of 0 1 1 2.
    const metrics = classificationMetrics(logits, Int32Array.of(0, 1, 1, 2), 3)
    expect(metrics.accuracy).toBe(0.5)
    expect(metrics.precision).toBeCloseTo((0.5 + 1 + 0) / 3, 12)
    expect(metrics.recall).toBeCloseTo((1 + 0.5 + 0) / 3, 12)
    expect(metrics.f1).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3, 12)
    expect(metrics.matthews_correlation).toBeGreaterThan(0)
  })
})

describe('toPredictions', () => {
  it('names the likeliest label and gives every probability', () => {
    const [first, second] = toPredictions(
      [{ text: 'a' }, { text: 'b', text_pair: 'c', reference: 'y' }],
      logits.subarray(0, 6),
      ['x', 'y', 'z'],
    )
    const sum = Math.exp(2) + 1 + Math.exp(1)
    expect(first).toMatchObject({ text: 'a', label: 'x' })
    expect(first!.scores.x).toBeCloseTo(Math.exp(2) / sum, 12)
    expect(first!.scores.z).toBeCloseTo(Math.exp(1) / sum, 12)
    expect(second).toMatchObject({ text: 'b', text_pair: 'c', reference: 'y', label: 'y' })
  })
})
