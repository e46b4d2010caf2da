/** Splits by group and by time: nothing that belongs together is parted, and what cannot be dealt is said. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dealBy, type ColumnValues } from '../../../src/main/data/split'
import type { CellValue } from '../../../src/shared/domain/dataset'

const RULE = { validation: 0.2, test: 0.2, seed: 42, stratifyBy: null }

function valuesOf(cells: readonly CellValue[]): ColumnValues {
  const different = [...new Set(cells)]
  return { different, rows: cells.map((cell) => different.indexOf(cell)) }
}

const count = (splits: readonly string[], split: string): number => splits.filter((s) => s === split).length

describe('by group', () => {
  const rule = { ...RULE, groupBy: 'author' }

  it('never parts a group, whatever their sizes, and stays near the shares', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 20, maxLength: 60 })
    fc.assert(
      fc.property(sizes, fc.nat(1000), (groups, seed) => {
        const cells = groups.flatMap((size, i) => Array.from({ length: size }, () => `author ${i}`))
        const splits = dealBy({ ...rule, seed }, cells.length, valuesOf(cells))
        const seen = new Map<string, Set<string>>()
        cells.forEach((author, row) => seen.set(author, (seen.get(author) ?? new Set()).add(splits[row]!)))
        expect([...seen.values()].every((own) => own.size === 1)).toBe(true)
        for (const split of ['validation', 'test'])
          expect(Math.abs(count(splits, split) - 0.2 * cells.length)).toBeLessThanOrEqual(9)
      }),
    )
  })

  it('deals rows without a group one by one, and the same for the same seed', () => {
    const cells = Array.from({ length: 100 }, () => null)
    const splits = dealBy(rule, 100, valuesOf(cells))
    expect([count(splits, 'test'), count(splits, 'validation')]).toEqual([20, 20])
    expect(dealBy(rule, 100, valuesOf(cells))).toEqual(splits)
    expect(dealBy({ ...rule, seed: 7 }, 100, valuesOf(cells))).not.toEqual(splits)
  })

  it('says when one group is all there is', () => {
    expect(() => dealBy(rule, 10, valuesOf(Array.from({ length: 10 }, () => 'a')))).toThrow(
      /10 rows are too few to deal: the validation split would be empty/,
    )
  })
})

describe('by time', () => {
  const rule = { ...RULE, timeBy: 'when' }

  it('holds out the latest rows, whatever their order, and parts no moment', () => {
    const days = [9, 1, 8, 2, 7, 3, 6, 4, 5, 10]
    const cells = days.map((day) => new Date(Date.UTC(2024, 0, day)).toISOString())
    const splits = dealBy(rule, cells.length, valuesOf(cells))
    const of = (split: string): number[] => days.filter((_, i) => splits[i] === split).sort((a, b) => a - b)
    expect([of('test'), of('validation')]).toEqual([
      [9, 10],
      [7, 8],
    ])
    const tied = ['2020', '2021', '2022', '2022', '2022', '2022', '2022', '2023', '2023', '2023']
    expect(dealBy({ ...rule, validation: 0.3 }, 10, valuesOf(tied))).toEqual([
      'train',
      'train',
      ...Array.from({ length: 5 }, () => 'validation'),
      ...Array.from({ length: 3 }, () => 'test'),
    ])
  })

  it('names what is no time', () => {
    for (const wrong of ['soon', null, ''])
      expect(() => dealBy(rule, 3, valuesOf([1, wrong, 3]))).toThrow(/in "when" is no time/)
  })
})

it('refuses two ways at once', () => {
  expect(() => dealBy({ ...RULE, groupBy: 'a', timeBy: 'b' }, 2, valuesOf([1, 2]))).toThrow(
    /not by two of them/,
  )
})
