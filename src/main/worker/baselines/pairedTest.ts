/** McNemar's exact test: do two classifiers differ on the same rows by more than chance explains? */

export interface PairedComparison {
  /** Rows that only the first, or only the second, classified rightly. */
  onlyFirst: number
  onlySecond: number
  /** Two-sided exact binomial probability of a difference at least as large if both were equally good. */
  pValue: number
}

export function mcNemar(firstRight: readonly boolean[], secondRight: readonly boolean[]): PairedComparison {
  let onlyFirst = 0
  let onlySecond = 0
  firstRight.forEach((isRight, row) => {
    if (isRight && !secondRight[row]) onlyFirst++
    if (!isRight && secondRight[row]) onlySecond++
  })
  return {
    onlyFirst,
    onlySecond,
    pValue: binomialTwoSided(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond),
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
