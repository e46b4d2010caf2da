import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostArray, toFloat16Bits } from '../../../../src/main/engine/ir/dtype'
import { broadcastShapes, normalizeAxis, sameSize, sizeOf } from '../../../../src/main/engine/ir/shape'

const dims = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })

describe('broadcastShapes', () => {
  it.each([
    [[2, 3], [3], [2, 3]],
    [
      [2, 1, 3],
      [4, 1],
      [2, 4, 3],
    ],
    [['B', 'T', 4], [4], ['B', 'T', 4]],
    [
      ['B', 1],
      [1, 'T'],
      ['B', 'T'],
    ],
    [[], [2], [2]],
  ])('%j and %j give %j', (a, b, expected) => {
    expect(broadcastShapes(a, b)).toEqual(expected)
  })

  it('refuses what does not match', () => {
    expect(() => broadcastShapes([2, 3], [2])).toThrow('shapes [2,3] and [2] do not broadcast')
    expect(() => broadcastShapes(['B'], ['T'])).toThrow('do not broadcast')
  })

  it('is commutative, and leaves a shape alone beside its own parts', () => {
    fc.assert(
      fc.property(dims, fc.nat(3), (shape, cut) => {
        const part = shape.slice(cut).map((d, i) => (i % 2 === 0 ? d : 1))
        expect(broadcastShapes(shape, part)).toEqual(shape)
        expect(broadcastShapes(part, shape)).toEqual(shape)
      }),
    )
  })
})

it('sameSize compares symbols as factors', () => {
  expect(sameSize(['B', 'T', 6], ['B', 'T', 2, 3])).toBe(true)
  expect(sameSize(['B', 'T'], ['T', 'B'])).toBe(true)
  expect(sameSize(['B', 2], ['T', 2])).toBe(false)
  expect(sameSize([4], [2, 3])).toBe(false)
})

it('sizes and axes', () => {
  expect(sizeOf([])).toBe(1)
  expect(() => sizeOf(['B'])).toThrow('static shape')
  expect(normalizeAxis(-1, 3)).toBe(2)
  expect(() => normalizeAxis(3, 3)).toThrow('outside a tensor of rank 3')
})

it('float16 bits round to nearest even', () => {
  const cases: [number, number][] = [
    [0, 0],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [Infinity, 0x7c00],
    [2 ** -24, 1],
    [2 ** -14, 0x0400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [0.333251953125, 0x3555],
  ]
  for (const [x, bits] of cases) expect(toFloat16Bits(x), String(x)).toBe(bits)
  expect(toFloat16Bits(NaN) & 0x7c00).toBe(0x7c00)
  expect(hostArray('int64', [3])).toEqual(BigInt64Array.of(3n))
})
