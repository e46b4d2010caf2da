/** `toBeAllclose`: elementwise |actual − expected| ≤ atol + rtol·|expected|, as in NumPy. Import for its effect. */
import { expect } from 'vitest'

export interface Tolerance {
  rtol?: number
  atol?: number
}

declare module 'vitest' {
  interface Matchers {
    toBeAllclose(expected: ArrayLike<number>, tolerance?: Tolerance): void
  }
}

expect.extend({
  toBeAllclose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance = {}) {
    const { rtol = 1e-5, atol = 1e-8 } = tolerance
    if (actual.length !== expected.length)
      return { pass: false, message: () => `lengths ${actual.length} and ${expected.length} differ` }
    let worst = -1
    let excess = 0
    let wrong = 0
    for (let i = 0; i < expected.length; i++) {
      const allowed = atol + rtol * Math.abs(expected[i]!)
      const difference = Math.abs(actual[i]! - expected[i]!)
      if (difference <= allowed) continue
      wrong++
      const ratio = Number.isNaN(difference) ? Infinity : difference / allowed
      if (worst < 0 || ratio > excess) [worst, excess] = [i, ratio]
    }
    return {
      pass: wrong === 0,
      message: () =>
        wrong === 0
          ? `all ${expected.length} elements are close`
          : `${wrong} of ${expected.length} elements differ; worst at ${worst}: ${actual[worst]!} for ${expected[worst]!}, ${excess.toPrecision(3)} × the tolerance (rtol ${rtol}, atol ${atol})`,
    }
  },
})
