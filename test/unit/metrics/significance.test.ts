/** Tests of significance against SciPy, statsmodels and mlxtend (test/golden/statistics/make.py). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { averageScores, confusionMatrix } from '../../../src/main/metrics/confusion'
import { conclude } from '../../../src/main/metrics/significance/conclude'
import {
  normalTail,
  studentQuantile,
  studentTwoSided,
} from '../../../src/main/metrics/significance/distributions'
import { holm } from '../../../src/main/metrics/significance/holm'
import { independentDifference, wilson } from '../../../src/main/metrics/significance/intervals'
import { mcNemar, rowsToSee } from '../../../src/main/metrics/significance/mcNemar'
import {
  measureMacroF1,
  measureMean,
  measureSeeds,
  measureShare,
  measureTwoShares,
} from '../../../src/main/metrics/significance/measure'
import { pairedBootstrap } from '../../../src/main/metrics/significance/pairedBootstrap'
import { pairedT } from '../../../src/main/metrics/significance/pairedT'
import { approximateRandomisation } from '../../../src/main/metrics/significance/randomisation'
import { welch } from '../../../src/main/metrics/significance/welch'

interface Golden {
  mcnemar: { only_first: number; only_second: number; exact: number; chi2: number; chi2_p: number }[]
  welch: {
    first: number[]
    second: number[]
    t: number
    df: number
    p: number
    low: number
    high: number
    hedges_g: number
  }[]
  paired: {
    first: number[]
    second: number[]
    difference: number
    exact_p: number
    low: number
    high: number
    t_low: number
    t_high: number
  }[]
  two_shares: {
    first: number
    first_rows: number
    second: number
    second_rows: number
    low: number
    high: number
    p: number
    wilson: [number, number]
  }[]
  holm: { p: number[]; adjusted: number[] }[]
  student: { t: number; df: number; two_sided: number; quantile: number }[]
  normal: { z: number; tail: number }[]
}
const file = new URL('../../golden/statistics/statistics.json', import.meta.url)
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden

/** Relative, with room for what is nearly zero. */
function near(actual: number, expected: number, tolerance = 1e-10): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(expected), 1e-12))
}

describe('against the references', () => {
  it.each(golden.student)('Student, t $t, df $df', ({ t, df, two_sided, quantile }) => {
    near(studentTwoSided(t, df), two_sided)
    near(studentQuantile(0.05, df), quantile, 1e-9)
  })

  it.each(golden.normal)('the normal tail beyond $z', ({ z, tail }) => near(normalTail(z), tail))

  it.each(golden.mcnemar)('McNemar, $only_first against $only_second', (row) => {
    const size = row.only_first + row.only_second + 7
    const first = Array.from({ length: size }, (_, i) => i < row.only_first || i >= size - 7)
    const second = Array.from({ length: size }, (_, i) => i >= row.only_first)
    const found = mcNemar(first, second)
    expect(found).toMatchObject({ onlyFirst: row.only_first, onlySecond: row.only_second })
    near(found.pValue, row.exact)
    near(found.chiSquared, row.chi2)
    near(found.chiSquaredPValue, row.chi2_p)
  })

  it.each(golden.paired)('paired t, $first.length pairs', ({ first, second, difference, t_low, t_high }) => {
    const found = pairedT(first, second)
    expect(found.difference).toBeCloseTo(difference, 12)
    expect(found.low).toBeCloseTo(t_low, 10)
    expect(found.high).toBeCloseTo(t_high, 10)
  })

  it.each(golden.welch)('Welch, $first.length and $second.length seeds', (row) => {
    const found = welch(row.first, row.second)
    near(found.t, row.t, 1e-9)
    near(found.df, row.df, 1e-9)
    near(found.pValue, row.p, 1e-8)
    near(found.low, row.low, 1e-8)
    near(found.high, row.high, 1e-8)
    near(found.effect, row.hedges_g, 1e-9)
  })

  it.each(golden.two_shares)('two shares, $first of $first_rows', (row) => {
    const [a, b] = [row.first / row.first_rows, row.second / row.second_rows]
    const found = independentDifference(a, row.first_rows, b, row.second_rows)
    near(found.pValue, row.p, 1e-9)
    near(found.low, row.low, 1e-9)
    near(found.high, row.high, 1e-9)
    const { low, high } = wilson(a, row.first_rows)
    expect([low, high].map((v) => v.toFixed(10))).toEqual(row.wilson.map((v) => Math.abs(v).toFixed(10)))
  })

  it.each(golden.holm)('Holm over $p.length', ({ p, adjusted }) => {
    holm(p).forEach((value, i) => near(value, adjusted[i]!))
  })

  // The exact probability over all exchanges, within four standard errors of 10,000 drawn ones.
  it.each(golden.paired)('randomisation and bootstrap of a mean, $first.length rows', (row) => {
    const gaps = row.second.map((value, i) => value - row.first[i]!)
    const rows = gaps.length
    const p = approximateRandomisation(
      rows,
      (exchanged) => gaps.reduce((sum, gap, i) => sum + (exchanged[i] ? -gap : gap), 0) / rows,
    )
    expect(Math.abs(p - row.exact_p)).toBeLessThan(
      4 * Math.sqrt((row.exact_p * (1 - row.exact_p)) / 10_000) + 2e-4,
    )
    const mean = (values: number[]) => (indices: Int32Array) =>
      indices.reduce((sum, i) => sum + values[i]!, 0) / rows
    const found = pairedBootstrap(rows, mean(row.second), mean(row.first), { resamples: 20_000 })
    const width = row.high - row.low
    expect(found.difference).toBeCloseTo(row.difference, 12)
    expect(Math.abs(found.low - row.low)).toBeLessThan(0.03 * width)
    expect(Math.abs(found.high - row.high)).toBeLessThan(0.03 * width)
  })
})

/** Answers of a system that is right on a share of 600 rows of four classes. */
function answers(share: number, seed: number): { truth: number[]; answered: number[] } {
  let state = seed
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647
  const truth = Array.from({ length: 600 }, (_, i) => i % 4)
  return { truth, answered: truth.map((c) => (random() < share ? c : Math.floor(random() * 4))) }
}

describe('verdicts', () => {
  const good = answers(0.9, 11)
  const bad = answers(0.7, 5)
  const right = ({ truth, answered }: typeof good) => truth.map((c, i) => answered[i] === c)
  const names = ['A', 'B'] as const
  const of = (measured: ReturnType<typeof measureShare>) =>
    conclude([{ measured, names, problem: 'single-label' }])[0]!

  it('name the better one, whichever side it is on', () => {
    const there = of(measureShare('accuracy', right(bad), right(good)))
    expect(there.better).toBe('second')
    expect(there.low).toBeGreaterThan(0)
    expect(there.sentence).toMatch(
      /^B is better than A: accuracy \+\d+\.\d \[\+.*\] points, 0\.\d+ against 0\.\d+ on 600 rows \(McNemar’s exact test, p < 0\.001; Cohen’s g \+0\.\d+, (medium|large)\)\.$/,
    )
    expect(of(measureShare('accuracy', right(good), right(bad))).sentence).toMatch(/^A is better than B/)
  })

  it('of a loss: less is better', () => {
    const loss = (value: typeof good) => right(value).map((isRight, i) => (isRight ? 0.1 : 2) + (i % 7) / 10)
    const found = of(measureMean('loss', loss(bad), loss(good)))
    expect(found.better).toBe('second')
    expect(found.difference).toBeLessThan(0)
  })

  it('macro F1 equals that of the evaluation, and differs beyond noise', () => {
    const found = measureMacroF1('f1', {
      classes: 4,
      truth: good.truth,
      first: bad.answered,
      second: good.answered,
    })
    expect(found.second).toBeCloseTo(
      averageScores(confusionMatrix(good.truth, good.answered, 4), 'macro').f1,
      12,
    )
    expect(of(found).better).toBe('second')
    expect(found.low).toBeLessThan(found.difference)
    expect(found.high).toBeGreaterThan(found.difference)
  })

  it('warn where the gap is inside the noise, and say how many rows would show it', () => {
    const first = Array.from({ length: 200 }, (_, i) => i >= 20)
    const second = Array.from({ length: 200 }, (_, i) => i < 176)
    const found = of(measureShare('accuracy', first, second))
    expect(found.better).toBeNull()
    expect(found.sentence).toMatch(/^No difference beyond noise/)
    expect(found.warnings[0]).toMatch(/^The gap is inside the noise\. About [\d,]+ rows/)
  })

  it('correct for many comparisons: what alone would count no longer does', () => {
    const luck = measureShare(
      'accuracy',
      Array.from({ length: 300 }, (_, i) => i >= 25),
      Array.from({ length: 300 }, (_, i) => i < 288),
    )
    expect(luck.pValue).toBeLessThan(0.05)
    expect(of(luck).better).toBe('second')
    const many = conclude(Array.from({ length: 8 }, () => ({ measured: luck, names, problem: null })))
    expect(many[0]!.better).toBeNull()
    expect(many[0]!.warnings.join(' ')).toContain('8 comparisons were made')
    expect(many[0]!.warnings.join(' ')).toContain('Alone this one would have counted')
  })

  it('over seeds and over shares alone say what they rest on', () => {
    expect(of(measureSeeds('accuracy', [0.81, 0.815, 0.808], [0.84, 0.842, 0.839])).sentence).toContain(
      'on 3 and 3 seeds (Welch’s t test over seeds',
    )
    const two = of(measureTwoShares('accuracy', { share: 0.8, rows: 500 }, { share: 0.9, rows: 500 }))
    expect(two.better).toBe('second')
    expect(two.warnings[0]).toMatch(/paired test would see smaller gaps/)
  })

  it('equal answers are no difference and no error', () => {
    const found = of(measureShare('accuracy', [true, false, true], [true, false, true]))
    expect(found).toMatchObject({ better: null, pValue: 1, difference: 0 })
    const means = of(measureMean('loss', [1, 2, 3], [1, 2, 3]))
    expect(means).toMatchObject({ better: null, pValue: 1, difference: 0 })
    expect(welch([0.5, 0.5], [0.5, 0.5])).toMatchObject({ pValue: 1, effect: 0 })
  })

  it('the rows needed see the gap four times in five', () => {
    // Connor's formula for 10 % of the rows against 5 %: 469.
    expect(rowsToSee(100, 50, 1000)).toBe(469)
  })
})
