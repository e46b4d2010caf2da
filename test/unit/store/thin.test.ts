import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { thin } from '../../../src/main/store/thin'

describe('thin', () => {
  it('leaves short curves as they are', () => {
    expect(thin([1, 2, 3], [9, 8, 7], 4)).toEqual({ steps: [1, 2, 3], values: [9, 8, 7] })
  })

  it('keeps the ends, the extremes and the order, within the limit', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 500,
    })
    fc.assert(
      fc.property(values, fc.integer({ min: 4, max: 100 }), (given, points) => {
        const steps = given.map((_, i) => 3 * i + 1)
        const curve = thin(steps, given, points)
        expect(curve.steps.length).toBeLessThanOrEqual(Math.max(points, Math.min(given.length, points)))
        expect(curve.values).toEqual(curve.steps.map((step) => given[(step - 1) / 3]))
        expect([...curve.steps].sort((a, b) => a - b)).toEqual(curve.steps)
        expect([curve.steps[0], curve.steps.at(-1)]).toEqual([steps[0], steps.at(-1)])
        expect(Math.max(...curve.values)).toBe(Math.max(...given))
        expect(Math.min(...curve.values)).toBe(Math.min(...given))
      }),
    )
  })
})
