import { describe, expect, it } from 'vitest'
import { hasDiverged, smoothLosses, suggestRate, sweepRates } from '../../../src/shared/lrRangeTest'

describe('the learning-rate range test', () => {
  it('sweeps evenly in the logarithm', () => {
    const rates = sweepRates(1e-4, 1, 5)
    rates.forEach((rate, i) => expect(rate).toBeCloseTo(10 ** (i - 4), 12))
  })

  it('smooths without the bias of the start', () => {
    expect(smoothLosses([2, 2, 2])).toEqual([2, 2, 2].map((x) => expect.closeTo(x, 12) as number))
    const [first, second] = smoothLosses([1, 0])
    expect([first, second]).toEqual([expect.closeTo(1, 12), expect.closeTo(0.09 / 0.19, 12)])
  })

  it('suggests where the loss falls fastest, before its least', () => {
    const rates = sweepRates(1e-6, 1, 61)
    // A fall centred on 1e-3, a rise from 1e-1.
    const losses = rates.map((rate) => {
      const x = Math.log10(rate)
      return 2 - 1 / (1 + Math.exp(-4 * (x + 3))) + Math.max(0, x + 1) ** 2
    })
    const { steepest, minimumTenth } = suggestRate(rates, losses)!
    expect(steepest).toBeCloseTo(1e-3, 5)
    expect(minimumTenth).toBeGreaterThan(steepest)
    expect(minimumTenth).toBeLessThan(0.02)
  })

  it('suggests nothing of a loss that only grows, and sees divergence', () => {
    expect(suggestRate(sweepRates(1e-3, 1, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBeNull()
    expect(suggestRate([1e-3], [1])).toBeNull()
    expect(hasDiverged([1, 1, 1])).toBe(false)
    expect(hasDiverged([1, 1, 60])).toBe(true)
  })
})
