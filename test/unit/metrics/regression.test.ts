import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findMetric } from '../../../src/main/metrics/registry'
import { pearsonOf } from '../../../src/main/metrics/regression'

/** Names in the fixture, and ours. */
const IDS = {
  mse: 'mse',
  rmse: 'rmse',
  mae: 'mae',
  r2: 'r_squared',
  pearson: 'pearsonr',
  spearman: 'spearmanr',
} as const
type Case = { name: string; references: number[]; predictions: number[] } & Record<
  keyof typeof IDS,
  number | null
>

const url = new URL('../../golden/metrics/regression.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(url, 'utf8')) as { cases: Case[] }

describe.each(cases.map((entry) => [entry.name, entry] as const))('regression: %s', (_name, entry) => {
  it.each(Object.keys(IDS) as (keyof typeof IDS)[])('%s', (key) => {
    const { references, predictions, [key]: expected } = entry
    const { value } = findMetric(IDS[key]).compute({ references, predictions }, {})
    if (expected === null) expect(value).toBeNaN()
    else expect(value).toBeCloseTo(expected, 9)
  })
})

it('has no correlation with a constant whose mean rounds', () => {
  expect(pearsonOf([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN()
})

it('correlates very large and very small numbers', () => {
  expect(pearsonOf([1e200, 2e200, 4e200], [1e-200, 2e-200, 4e-200])).toBeCloseTo(1, 12)
})
