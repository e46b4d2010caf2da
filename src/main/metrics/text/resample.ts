/**
 * Bootstrap intervals and paired significance tests on sufficient statistics: rows are summed again, texts are not scored
 * again. Koehn 2004 and sacreBLEU 2.6 (`significance.py`): 1000 resamples, seed 12345, p = (c + 1) / (n + 1), the same
 * resamples as NumPy draws. sacreBLEU sums in float32 here, which moves its scores in the sixth digit.
 */
import { invariant } from '../../../shared/errors'
import { NumpyRandom } from './numpyRandom'
import { columnSums, type SegmentStatistics } from './segments'

/** A score from column sums of statistics. */
export type ScoreOfSums = (sums: Float64Array) => number

export interface ResampleOptions {
  resamples?: number
  /** A whole number from 0 to 2³² − 1. */
  seed?: number
}

export const DEFAULT_RESAMPLES = 1000
export const DEFAULT_SEED = 12345

export interface CorpusInterval {
  score: number
  /** Mean over the resamples. */
  mean: number
  /** Half the width of the 95 % interval: what sacreBLEU prints after ±. */
  ci: number
  low: number
  high: number
}

export interface PairedCorpusTest {
  baseline: CorpusInterval
  system: CorpusInterval
  /** Two-sided: how often chance alone makes a difference as large. */
  p_value: number
}

/** The 95 % percentile interval of a score. */
export function corpusInterval(
  statistics: SegmentStatistics,
  score: ScoreOfSums,
  options: ResampleOptions = {},
): CorpusInterval {
  return interval(score(columnSums(statistics)), resampledScores(statistics, score, options))
}

/** Whether two systems on the same rows differ beyond chance. The statistics belong to the same rows in the same order. */
export function pairedCorpusTest(
  baseline: SegmentStatistics,
  system: SegmentStatistics,
  score: ScoreOfSums,
  options: ResampleOptions = {},
): PairedCorpusTest {
  invariant(baseline.rows === system.rows, `${baseline.rows} and ${system.rows} rows`)
  const baselineScores = resampledScores(baseline, score, options)
  const systemScores = resampledScores(system, score, options)
  const [baselineScore, systemScore] = [score(columnSums(baseline)), score(columnSums(system))]
  const differences = systemScores.map((value, i) => Math.abs(value - baselineScores[i]!))
  const expected = mean(differences)
  const actual = Math.abs(baselineScore - systemScore)
  const larger = differences.filter((difference) => difference - expected > actual).length
  return {
    baseline: interval(baselineScore, baselineScores),
    system: interval(systemScore, systemScores),
    p_value: (larger + 1) / (differences.length + 1),
  }
}

/** One score a resample, of as many rows as there are, drawn with replacement. */
function resampledScores(
  { rows, columns, values }: SegmentStatistics,
  score: ScoreOfSums,
  { resamples = DEFAULT_RESAMPLES, seed = DEFAULT_SEED }: ResampleOptions,
): Float64Array {
  invariant(rows > 0 && resamples > 0, `${resamples} resamples of ${rows} rows`)
  const random = new NumpyRandom(seed)
  const scores = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    const sums = new Float64Array(columns)
    for (let drawn = 0; drawn < rows; drawn++) {
      const start = rows === 1 ? 0 : random.integer(rows) * columns
      for (let column = 0; column < columns; column++) sums[column]! += values[start + column]!
    }
    scores[resample] = score(sums)
  }
  return scores
}

/** sacreBLEU's `estimate_ci`: a fortieth of the sorted scores is cut off at either end. */
function interval(score: number, scores: Float64Array): CorpusInterval {
  const sorted = scores.slice().sort()
  const cut = Math.floor(sorted.length / 40)
  const [low, high] = [sorted[cut]!, sorted[sorted.length - 1 - cut]!]
  return { score, mean: mean(scores), ci: (high - low) / 2, low, high }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
