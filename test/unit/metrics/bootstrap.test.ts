/** Intervals and paired comparisons: seeded, and right where the answer is known. */
import { expect, test } from 'vitest'
import { bootstrapInterval, quantile } from '../../../src/main/metrics/bootstrap'
import { pairedBootstrap } from '../../../src/main/metrics/significance/pairedBootstrap'

const share = (right: readonly boolean[]) => (indices: Int32Array) =>
  indices.reduce((sum, i) => sum + (right[i] ? 1 : 0), 0) / indices.length

const alternating = (rows: number, every: number) => Array.from({ length: rows }, (_, i) => i % every !== 0)

test('the interval of a share is about that of the binomial distribution', () => {
  const right = alternating(1000, 5)
  const { low, high, standardError } = bootstrapInterval(1000, share(right), { resamples: 4000 })
  const expected = Math.sqrt((0.8 * 0.2) / 1000)
  expect(standardError / expected).toBeCloseTo(1, 1)
  expect((high - low) / (2 * 1.96 * expected)).toBeCloseTo(1, 1)
  expect((low + high) / 2).toBeCloseTo(0.8, 2)
})

test('the same seed gives the same interval, another seed another', () => {
  const right = alternating(200, 3)
  const first = bootstrapInterval(200, share(right), { seed: 1 })
  expect(bootstrapInterval(200, share(right), { seed: 1 })).toEqual(first)
  expect(bootstrapInterval(200, share(right), { seed: 2 })).not.toEqual(first)
})

test('resamples without a figure are left out', () => {
  const { low } = bootstrapInterval(2, (indices) => (indices[0] === indices[1] ? NaN : 1))
  expect(low).toBe(1)
})

test('quantiles interpolate as NumPy does', () => {
  expect([0, 0.1, 0.5, 1].map((q) => quantile([1, 2, 4, 8], q))).toEqual([1, 1.3, 3, 8])
})

test('a real difference is found, none is invented', () => {
  const better = alternating(800, 10)
  const worse = alternating(800, 4)
  const found = pairedBootstrap(800, share(better), share(worse))
  expect(found.difference).toBeCloseTo(0.15, 12)
  expect(found.low).toBeGreaterThan(0)
  expect(found.pValue).toBeLessThan(0.01)
  const shifted = better.map((_, i) => (i + 5) % 10 !== 0)
  const none = pairedBootstrap(800, share(better), share(shifted))
  expect(none.pValue).toBeGreaterThan(0.5)
})
