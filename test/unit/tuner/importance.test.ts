// Importances rank functions whose answer is known.
import { describe, expect, it } from 'vitest'
import { IMPORTANCE_EVALUATORS } from '../../../src/shared/domain/study'
import { IMPORTANCES } from '../../../src/main/tuner/importance/registry'
import { SPACE } from '../../../src/shared/domain/study'
import { problem, runStudy } from './study'

const unit = { type: 'float', low: 0, high: 1 }
const linear = problem(
  { big: unit, middle: unit, small: unit, none: unit },
  ({ big, middle, small }) => 10 * big! + 3 * middle! + small!,
)
/** One category is better; x moves the value as noise would. */
const withChoice = problem(
  {
    kind: { type: 'categorical', choices: ['a', 'b', 'c', 'd', 'e', 'f'] },
    x: unit,
    fixed: { type: 'int', low: 3, high: 3 },
  },
  ({ kind, x }) => ((kind as unknown) === 'b' ? 0 : 5) + Math.sin(1e4 * x!) / 10,
)

describe.each(IMPORTANCE_EVALUATORS)('%s', (name) => {
  const rank = (task: typeof linear, trials: number) =>
    IMPORTANCES[name]({ name: '', ...task, trials: runStudy(task, { type: 'random' }, 4, { trials }) })

  it('ranks a weighted sum by its weights', () => {
    const shares = rank(linear, 300)
    expect(shares.slice(0, 2).map(({ parameter }) => parameter)).toEqual(['big', 'middle'])
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(shares[0]!.share).toBeGreaterThan(0.7)
  })

  it('sees a category, and nothing in a parameter that does not vary', () => {
    const shares = new Map(rank(withChoice, 200).map(({ parameter, share }) => [parameter, share]))
    expect(shares.get('kind')).toBeGreaterThan(shares.get('x')!)
    expect(shares.get('fixed')).toBe(0)
  })

  it('shares alike where there is nothing to tell', () => {
    const history = { name: '', direction: 'minimize', space: SPACE.parse({ x: unit, y: unit }) } as const
    const trial = { number: 0, state: 'complete', value: 1, intermediate: new Map(), rungs: [] } as const
    const shares = IMPORTANCES[name]({ ...history, trials: [{ ...trial, params: { x: 0.5, y: 0.5 } }] })
    expect(shares.map(({ share }) => share)).toEqual([0.5, 0.5])
  })
})

it('fANOVA gives each term of a sum its share of the variance', () => {
  const shares = IMPORTANCES.fanova({
    name: '',
    ...linear,
    trials: runStudy(linear, { type: 'qmc' }, 1, { trials: 400 }),
  })
  // Variances 100/12, 9/12, 1/12 of 110/12.
  expect(shares[0]!.share).toBeCloseTo(100 / 110, 1)
  expect(shares[1]!.share).toBeCloseTo(9 / 110, 1)
})
