/** From what two runs answered on the same rows, or from their seeds, to figures with a test and an interval. */
import type { Measured } from '../../../shared/domain/significance'
import { columnSums, type SegmentStatistics } from '../text/segments'
import { independentDifference, pairedDifference } from './intervals'
import { macroF1Difference, type ClassAnswers } from './macroF1'
import { mcNemar, rowsToSee } from './mcNemar'
import { pairedBootstrap } from './pairedBootstrap'
import { approximateRandomisation, DEFAULT_SHUFFLES } from './randomisation'
import { momentsOf, welch } from './welch'

const RESAMPLES = 2000
const BOOTSTRAP = `bootstrap, ${RESAMPLES.toLocaleString('en-US')} resamples`

/** The share of rows with a property, such as being right: McNemar's exact test. */
export function measureShare(
  metric: string,
  first: ArrayLike<number | boolean>,
  second: ArrayLike<number | boolean>,
): Measured {
  const rows = first.length
  const { onlyFirst, onlySecond, pValue } = mcNemar(first, second)
  const { low, high } = pairedDifference(onlySecond, onlyFirst, rows)
  const differing = onlyFirst + onlySecond
  return {
    metric,
    test: 'mcnemar',
    first: shareOf(first),
    second: shareOf(second),
    difference: (onlySecond - onlyFirst) / rows,
    low,
    high,
    intervalBy: 'Agresti and Min',
    pValue,
    effect: { name: 'Cohen’s g', value: differing === 0 ? 0 : onlySecond / differing - 0.5 },
    n: { rows },
    detail: `only the first is right on ${onlyFirst}, only the second on ${onlySecond}`,
    rowsToSee: onlyFirst === onlySecond ? null : rowsToSee(onlyFirst, onlySecond, rows),
    warnings: differing < 10 ? [`The two differ on only ${differing} of ${rows} rows.`] : [],
  }
}

function shareOf(right: ArrayLike<number | boolean>): number {
  let count = 0
  for (let row = 0; row < right.length; row++) if (right[row]) count++
  return count / right.length
}

/** A figure that is the mean of one a row, such as the loss: approximate randomisation and a paired bootstrap. */
export function measureMean(metric: string, first: ArrayLike<number>, second: ArrayLike<number>): Measured {
  const rows = first.length
  const gaps = Float64Array.from({ length: rows }, (_, row) => second[row]! - first[row]!)
  const [a, b] = [momentsOf(Array.from(first)), momentsOf(Array.from(second))]
  const { mean, variance } = momentsOf(Array.from(gaps))
  const meanOf = (values: ArrayLike<number>) => (indices: Int32Array) => {
    let sum = 0
    for (const index of indices) sum += values[index]!
    return sum / rows
  }
  const { low, high } = pairedBootstrap(rows, meanOf(second), meanOf(first), { resamples: RESAMPLES })
  const differing = gaps.filter((gap) => gap !== 0)
  const pValue = approximateRandomisation(differing.length, (exchanged) => {
    let sum = 0
    for (let row = 0; row < differing.length; row++)
      sum += exchanged[row] ? -differing[row]! : differing[row]!
    return sum / rows
  })
  return {
    metric,
    test: 'randomisation',
    first: a.mean,
    second: b.mean,
    difference: mean,
    low,
    high,
    intervalBy: BOOTSTRAP,
    pValue,
    effect: {
      name: 'Cohen’s d of the paired differences',
      value: variance > 0 ? mean / Math.sqrt(variance) : 0,
    },
    n: { rows },
    detail: `${DEFAULT_SHUFFLES.toLocaleString('en-US')} shuffles`,
    rowsToSee:
      mean === 0 || variance === 0 ? null : Math.ceil((variance * (1.959964 + 0.841621) ** 2) / mean ** 2),
    warnings: rows < 30 ? [`${rows} rows are few for a bootstrap.`] : [],
  }
}

/** F1 averaged over classes, which is no mean over rows: both tests compute it anew for every resample. */
export function measureMacroF1(metric: string, answers: ClassAnswers): Measured {
  const rows = answers.truth.length
  const { first, second, resampled, exchanged } = macroF1Difference(answers)
  const { low, high } = pairedBootstrap(rows, resampled.second, resampled.first, { resamples: RESAMPLES })
  return {
    metric,
    test: 'randomisation',
    first,
    second,
    difference: second - first,
    low,
    high,
    intervalBy: BOOTSTRAP,
    pValue: approximateRandomisation(exchanged.rows, exchanged.difference),
    effect: { name: 'Cohen’s h', value: cohensH(first, second) },
    n: { rows },
    detail: `${DEFAULT_SHUFFLES.toLocaleString('en-US')} shuffles of the ${exchanged.rows} rows answered differently`,
    rowsToSee: null,
    warnings: [],
  }
}

/** A figure computed from sums of counts over the rows, such as the F1 of entities: both tests sum anew. */
export function measureCounted(
  metric: string,
  first: SegmentStatistics,
  second: SegmentStatistics,
  score: (sums: Float64Array) => number,
): Measured {
  const { rows, columns } = first
  const ofRows = ({ values }: SegmentStatistics) => {
    return (indices: ArrayLike<number>) => {
      const sums = new Float64Array(columns)
      for (let i = 0; i < indices.length; i++)
        for (let column = 0; column < columns; column++)
          sums[column]! += values[indices[i]! * columns + column]!
      return score(sums)
    }
  }
  const all = Int32Array.from({ length: rows }, (_, row) => row)
  const [a, b] = [ofRows(first)(all), ofRows(second)(all)]
  const { low, high } = pairedBootstrap(rows, ofRows(second), ofRows(first), { resamples: RESAMPLES })
  const at = (row: number, column: number) => row * columns + column
  const differing = all.filter((row) => {
    for (let column = 0; column < columns; column++)
      if (first.values[at(row, column)] !== second.values[at(row, column)]) return true
    return false
  })
  const [sums, others] = [columnSums(first), columnSums(second)]
  const pValue = approximateRandomisation(differing.length, (exchanged) => {
    const [one, other] = [sums.slice(), others.slice()]
    for (let i = 0; i < differing.length; i++) {
      if (!exchanged[i]) continue
      for (let column = 0; column < columns; column++) {
        const gap = second.values[at(differing[i]!, column)]! - first.values[at(differing[i]!, column)]!
        one[column]! += gap
        other[column]! -= gap
      }
    }
    return score(other) - score(one)
  })
  return {
    metric,
    test: 'randomisation',
    first: a,
    second: b,
    difference: b - a,
    low,
    high,
    intervalBy: BOOTSTRAP,
    pValue,
    effect: { name: 'Cohen’s h', value: cohensH(a, b) },
    n: { rows },
    detail: `${DEFAULT_SHUFFLES.toLocaleString('en-US')} shuffles of the ${differing.length} rows answered differently`,
    rowsToSee: null,
    warnings: rows < 30 ? [`${rows} rows are few for a bootstrap.`] : [],
  }
}

/** Where only the shares are known: as if each run had answered rows of its own, which hides small differences. */
export function measureTwoShares(metric: string, first: Share, second: Share): Measured {
  const { low, high, pValue } = independentDifference(first.share, first.rows, second.share, second.rows)
  return {
    metric,
    test: 'two-shares',
    first: first.share,
    second: second.share,
    difference: second.share - first.share,
    low,
    high,
    intervalBy: 'Newcombe',
    pValue,
    effect: { name: 'Cohen’s h', value: cohensH(first.share, second.share) },
    n: { rows: Math.min(first.rows, second.rows) },
    detail: 'rows taken as independent',
    rowsToSee: null,
    warnings: [
      'Answers row by row are not there for both runs; on the same rows a paired test would see smaller gaps.',
    ],
  }
}

interface Share {
  share: number
  rows: number
}

function cohensH(first: number, second: number): number {
  const angle = (share: number) => 2 * Math.asin(Math.sqrt(Math.min(1, Math.max(0, share))))
  return angle(second) - angle(first)
}

/** The same settings trained with other seeds, two or more of each. */
export function measureSeeds(metric: string, first: readonly number[], second: readonly number[]): Measured {
  const { difference, low, high, pValue, df, effect } = welch(first, second)
  const few = Math.min(first.length, second.length)
  return {
    metric,
    test: 'welch',
    first: momentsOf(first).mean,
    second: momentsOf(second).mean,
    difference,
    low,
    high,
    intervalBy: 'Welch',
    pValue,
    effect: { name: 'Hedges’ g', value: effect },
    n: { firstSeeds: first.length, secondSeeds: second.length },
    detail: `${df.toFixed(1)} degrees of freedom`,
    rowsToSee: null,
    warnings: few < 5 ? [`${few} seeds are few: the spread between seeds is itself hardly known.`] : [],
  }
}
