import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/shared/errors'
import { labelIds, requireTwoClasses } from '../../../src/main/worker/run/labels'

const rows = (...labels: string[]) => ({
  split: 'validation' as const,
  file: 'reviews.csv',
  references: labels,
  sourceRows: labels.map((_, i) => i + 2),
})

function errorOf(act: () => unknown): UserError {
  try {
    act()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('requireTwoClasses', () => {
  it('names file and column where all rows have one label', () => {
    const error = errorOf(() => requireTwoClasses(rows('spam', 'spam'), 'kind'))
    expect(error.toData()).toMatchObject({
      code: 'bad-input',
      message: 'All 2 training rows have the same label, "spam".',
      where: { file: 'reviews.csv', field: 'kind' },
    })
  })

  it('lets two classes pass and refuses no rows', () => {
    expect(() => requireTwoClasses(rows('a', 'b'), 'kind')).not.toThrow()
    expect(errorOf(() => requireTwoClasses(rows(), 'kind')).message).toBe('There are no training rows.')
  })
})

describe('labelIds', () => {
  it('maps names to ids', () => {
    expect([...labelIds(rows('b', 'a', 'b'), ['a', 'b'], 'kind')]).toEqual([1, 0, 1])
  })

  it('names file, row and column of an unknown label', () => {
    const error = errorOf(() => labelIds(rows('a', 'c'), ['a', 'b'], 'kind'))
    expect(error.message).toContain('"c"')
    expect(error.where).toEqual({ file: 'reviews.csv', row: 3, field: 'kind' })
    expect(error.hint).toContain('"a", "b"')
  })
})
