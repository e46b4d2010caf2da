import { describe, expect, it } from 'vitest'
import { positions } from '../../../src/renderer/src/curves/axis'
import { appendSteps, curvesOf, mergeTail } from '../../../src/renderer/src/curves/live'
import { smooth, smoothingFor } from '../../../src/renderer/src/curves/smooth'
import type { StepMetrics } from '../../../src/shared/domain/run'

describe('smoothing', () => {
  it('keeps a constant and a single value', () => {
    expect(smooth([2, 2, 2, 2], 0.9)).toEqual([2, 2, 2, 2])
    expect(smooth([5], 0.9)).toEqual([5])
    expect(smooth([], 0.9)).toEqual([])
  })

  it('does not lag behind a straight line, away from its ends', () => {
    const line = Array.from({ length: 401 }, (_, i) => i)
    expect(smooth(line, 0.9)[200]).toBeCloseTo(200, 9)
  })

  it('lowers the noise and leaves gaps where the figure is not finite', () => {
    const noisy = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : -1))
    expect(Math.abs(smooth(noisy, 0.9)[50]!)).toBeLessThan(0.1)
    const [first, second, third] = smooth([1, Number.NaN, 1], 0.5)
    expect([first, third]).toEqual([1, 1])
    expect(second).toBeNaN()
  })

  it('smooths short curves not at all', () => {
    expect(smoothingFor(20)).toBe(0)
    expect(smoothingFor(600)).toBeCloseTo(0.9)
  })
})

describe('the horizontal axis', () => {
  const scale = {
    epochsPerStep: 1 / 50,
    rowsPerStep: 32,
    rate: { name: 'samples_per_second', steps: [10, 20, 30], values: [320, 640, 640] },
    tokenRate: { name: 'tokens_per_second', steps: [10, 30], values: [3200, 9600] },
  }

  it('counts steps, epochs and seconds', () => {
    expect(positions([10, 25, 50], 'step', scale)).toEqual([10, 25, 50])
    expect(positions([10, 25, 50], 'epoch', scale)).toEqual([0.2, 0.5, 1])
    expect(positions([10, 20, 25, 30], 'time', scale)).toEqual([1, 1.5, 1.75, 2])
  })

  it('counts tokens by the rates of the same second, also where they were thinned at other steps', () => {
    // 32 rows a step: 10 tokens a row up to step 10, 15 a row up to step 30.
    expect(positions([5, 10, 30], 'tokens', scale)).toEqual([1600, 3200, 3200 + 20 * 32 * 15])
  })

  it('goes on at the last rate behind the last logged step', () => {
    expect(positions([50], 'time', scale)[0]).toBeCloseTo(3)
  })

  it('stands still while no rate is known', () => {
    const empty = { ...scale, rate: { name: 'samples_per_second', steps: [], values: [] } }
    expect(positions([5, 9], 'time', empty)).toEqual([0, 0])
  })
})

describe('live curves', () => {
  const step = (n: number, loss: number): StepMetrics => ({
    step: n,
    epoch: n / 10,
    loss,
    grad_norm: 1,
    learning_rate: 1e-3,
    tokens_per_second: 1,
    samples_per_second: 2,
  })

  it('appends steps and replaces those that are told again after a resume', () => {
    const before = appendSteps(curvesOf([]), [step(1, 3), step(2, 2), step(3, 1)])
    const after = appendSteps(before, [step(2, 2.5), step(3, 1.5)])
    expect(after.loss).toEqual({ name: 'loss', steps: [1, 2, 3], values: [3, 2.5, 1.5] })
  })

  it('keeps the live steps that lie behind the stored curve', () => {
    const stored = curvesOf([{ name: 'loss', steps: [1, 2], values: [3, 2] }])
    const live = appendSteps(curvesOf([]), [step(2, 2), step(3, 1)])
    expect(mergeTail(stored, live).loss).toEqual({ name: 'loss', steps: [1, 2, 3], values: [3, 2, 1] })
  })
})
