/**
 * 95 % intervals of shares: Wilson's score interval; of differences, Agresti and Min's (2005) on the same rows and
 * Newcombe's (1998) on independent ones.
 */
import { normalTail } from './distributions'

export interface Interval {
  low: number
  high: number
}

/** Two-sided 95 %. */
const Z = 1.959963984540054

/** @param share k/n in [0, 1] @param rows n ≥ 1 */
export function wilson(share: number, rows: number): Interval {
  const z2 = Z * Z
  const centre = share + z2 / (2 * rows)
  const half = Z * Math.sqrt((share * (1 - share)) / rows + z2 / (4 * rows * rows))
  const scale = 1 + z2 / rows
  return { low: (centre - half) / scale, high: (centre + half) / scale }
}

/**
 * Difference of two shares measured on the same rows.
 * @param onlyFirst rows that only the first has right @param onlySecond rows that only the second has right
 */
export function pairedDifference(onlyFirst: number, onlySecond: number, rows: number): Interval {
  const n = rows + 2
  const difference = onlyFirst - onlySecond
  const half = (Z * Math.sqrt(onlyFirst + onlySecond + 1 - difference ** 2 / n)) / n
  return { low: difference / n - half, high: difference / n + half }
}

export interface TwoShares extends Interval {
  /** Two-sided, of a z test with the pooled share. */
  pValue: number
}

/** Difference second − first of two shares whose rows are taken as independent. */
export function independentDifference(
  first: number,
  firstRows: number,
  second: number,
  secondRows: number,
): TwoShares {
  const [a, b] = [wilson(first, firstRows), wilson(second, secondRows)]
  const difference = second - first
  const pooled = (first * firstRows + second * secondRows) / (firstRows + secondRows)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / firstRows + 1 / secondRows))
  return {
    low: difference - Math.hypot(second - b.low, a.high - first),
    high: difference + Math.hypot(b.high - second, first - a.low),
    pValue: error === 0 ? 1 : 2 * normalTail(Math.abs(difference) / error),
  }
}
