/** McNemar's test: do two classifiers differ on the same rows by more than chance explains? */
import { chiSquaredTail } from './distributions'

export interface PairedComparison {
  /** Rows that only the first, or only the second, classified rightly. */
  onlyFirst: number
  onlySecond: number
  /** Two-sided exact binomial probability of a difference at least as large if both were equally good. */
  pValue: number
  /** Chi-squared with Edwards' continuity correction, and its probability: near the exact one for many rows. */
  chiSquared: number
  chiSquaredPValue: number
}

/** @param firstRight whether the first has each row right @param secondRight the same rows */
export function mcNemar(firstRight: ArrayLike<unknown>, secondRight: ArrayLike<unknown>): PairedComparison {
  let onlyFirst = 0
  let onlySecond = 0
  for (let row = 0; row < firstRight.length; row++) {
    if (firstRight[row] && !secondRight[row]) onlyFirst++
    if (!firstRight[row] && secondRight[row]) onlySecond++
  }
  const differing = onlyFirst + onlySecond
  const gap = Math.abs(onlyFirst - onlySecond) - 1
  const chiSquared = differing === 0 ? 0 : gap ** 2 / differing
  return {
    onlyFirst,
    onlySecond,
    pValue: binomialTwoSided(Math.min(onlyFirst, onlySecond), differing),
    chiSquared,
    chiSquaredPValue: differing === 0 ? 1 : chiSquaredTail(chiSquared),
  }
}

/** min(1, 2 · P(X ≤ k)) for X ~ Binomial(n, 1/2), summed from logarithms. */
function binomialTwoSided(k: number, n: number): number {
  if (n === 0) return 1
  let logTerm = -n * Math.LN2
  let sum = Math.exp(logTerm)
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i)
    sum += Math.exp(logTerm)
  }
  return Math.min(1, 2 * sum)
}

/**
 * Rows with which a gap like this one would be seen four times in five, at the 5 % level (Connor 1987).
 * @param onlyFirst of `rows` rows; Infinity where there is no gap
 */
export function rowsToSee(onlyFirst: number, onlySecond: number, rows: number): number {
  const differing = (onlyFirst + onlySecond) / rows
  const gap = (onlyFirst - onlySecond) / rows
  const [level, power] = [1.959963984540054, 0.8416212335729143]
  return Math.ceil(((level * Math.sqrt(differing) + power * Math.sqrt(differing - gap ** 2)) / gap) ** 2)
}
