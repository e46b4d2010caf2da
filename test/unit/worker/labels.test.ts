import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/shared/errors'
import { labelIds, orderLabels, requireTwoClasses } from '../../../src/main/worker/run/labels'

const rows = (...labels: string[]) =>
  labels.map((label, i) => ({ label, place: { file: 'reviews.csv', row: i + 2 } }))

function errorOf(act: () => unknown): UserError {
  try {
    act()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('orderLabels', () => {
  it('sorts labels nobody mapped', () => {
    expect(orderLabels(['sport', 'art', 'sport'], null)).toEqual(['art', 'sport'])
    expect(orderLabels(['10', '9', '-1'], null)).toEqual(['-1', '9', '10'])
    expect(orderLabels(['b', 'a'], ['LABEL_0', 'LABEL_1'])).toEqual(['a', 'b'])
  })

  it('keeps the ids of labels that the model maps, and appends the rest', () => {
    expect(orderLabels(['negative', 'positive'], ['positive', 'negative'])).toEqual(['positive', 'negative'])
    expect(orderLabels(['neutral', 'positive'], ['positive', 'negative'])).toEqual([
      'positive',
      'negative',
      'neutral',
    ])
  })

  it('maps nothing where the model knows other labels', () => {
    expect(orderLabels(['b', 'a'], ['yes', 'no'])).toEqual(['a', 'b'])
  })
})

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
    expect(errorOf(() => requireTwoClasses([], 'kind')).message).toBe('There are no training rows.')
  })
})

describe('labelIds', () => {
  it('maps names to ids', () => {
    expect([...labelIds(rows('b', 'a', 'b'), ['a', 'b'], 'kind', 'train')]).toEqual([1, 0, 1])
  })

  it('names file, row and column of an unknown label', () => {
    const error = errorOf(() => labelIds(rows('a', 'c'), ['a', 'b'], 'kind', 'validation'))
    expect(error.message).toContain('"c"')
    expect(error.where).toEqual({ file: 'reviews.csv', row: 3, field: 'kind' })
    expect(error.hint).toContain('"a", "b"')
  })
})
