import { describe, expect, it } from 'vitest'
import { bleuFromSums, bleuSignature, bleuStatistics } from '../../../../src/main/metrics/text/bleu'
import { chrfFromSums, chrfSignature, chrfStatistics } from '../../../../src/main/metrics/text/chrf'
import { NumpyRandom } from '../../../../src/main/metrics/text/numpyRandom'
import {
  corpusInterval,
  DEFAULT_RESAMPLES,
  DEFAULT_SEED,
  pairedCorpusTest,
} from '../../../../src/main/metrics/text/resample'
import { segmentStatistics } from '../../../../src/main/metrics/text/segments'
import { readGolden } from './golden'

interface ResampleGolden {
  draws: { seed: number; bound: number; values: number[] }[]
  corpus: Record<'references' | 'baseline' | 'close' | 'better', string[]>
  tests: {
    metric: 'bleu' | 'chrf'
    system: 'close' | 'better'
    signature: string
    /** Score, mean, half-width. */
    baseline_result: [number, number, number]
    system_result: [number, number, number]
    p_value: number
  }[]
}

const golden = readGolden('resample/resample.json') as ResampleGolden
const references = golden.corpus.references.map((line) => [line])
const METRICS = {
  bleu: {
    statistics: bleuStatistics,
    score: (sums: Float64Array) => bleuFromSums(sums).score,
    sign: bleuSignature,
  },
  chrf: {
    statistics: chrfStatistics,
    score: (sums: Float64Array) => chrfFromSums(sums),
    sign: chrfSignature,
  },
}

describe('resampling', () => {
  it.each(golden.draws.map((entry) => [entry.seed, entry.bound, entry.values] as const))(
    'draws as NumPy: seed %d, bound %d',
    (seed, bound, values) => {
      const random = new NumpyRandom(seed)
      expect(values.map(() => random.integer(bound))).toEqual(values)
    },
  )

  // sacreBLEU adds in float32 when it resamples: its means and intervals carry six digits, its scores all.
  it.each(golden.tests.map((entry) => [entry.metric, entry.system, entry] as const))(
    'paired bootstrap as sacreBLEU: %s, %s',
    (metric, system, expected) => {
      const { statistics, score, sign } = METRICS[metric]
      const result = pairedCorpusTest(
        statistics(golden.corpus.baseline, references),
        statistics(golden.corpus[system], references),
        score,
      )
      for (const [ours, theirs] of [
        [result.baseline, expected.baseline_result],
        [result.system, expected.system_result],
      ] as const) {
        expect(ours.score).toBeCloseTo(theirs[0], 9)
        expect(ours.mean).toBeCloseTo(theirs[1], 4)
        expect(ours.ci).toBeCloseTo(theirs[2], 4)
      }
      expect(result.p_value).toBe(expected.p_value)
      expect(sign(references, {}, { bs: DEFAULT_RESAMPLES, seed: DEFAULT_SEED })).toBe(expected.signature)
    },
  )

  it('gives the same interval for the same seed, another for another', () => {
    const statistics = segmentStatistics(Array.from({ length: 50 }, (_, i) => [1, i % 3 === 0 ? 1 : 0]))
    const share = (sums: Float64Array) => sums[1]! / sums[0]!
    const first = corpusInterval(statistics, share, { seed: 1 })
    expect(corpusInterval(statistics, share, { seed: 1 })).toEqual(first)
    expect(corpusInterval(statistics, share, { seed: 2 })).not.toEqual(first)
    expect(first.score).toBe(17 / 50)
    expect(first.low).toBeLessThan(first.score)
    expect(first.high).toBeGreaterThan(first.score)
  })

  it('is certain about one row', () => {
    const statistics = segmentStatistics([[1, 1]])
    expect(corpusInterval(statistics, (sums) => sums[1]!)).toMatchObject({
      score: 1,
      mean: 1,
      low: 1,
      high: 1,
    })
  })
})
