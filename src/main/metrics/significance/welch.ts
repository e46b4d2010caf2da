/** Two settings, several seeds each: Welch's t test of their means (unequal variances, Satterthwaite's df). */
import type { Interval } from './intervals'
import { studentQuantile, studentTwoSided } from './distributions'

export interface WelchResult extends Interval {
  /** Mean of the second less mean of the first; the interval (95 %) is of this. */
  difference: number
  t: number
  /** Degrees of freedom. */
  df: number
  /** Two-sided. */
  pValue: number
  /** Hedges' g: the difference in pooled standard deviations, corrected for few values. */
  effect: number
}

/** Each side needs two values or more. Where neither varies, p is 1 for equal means and 0 otherwise. */
export function welch(first: readonly number[], second: readonly number[]): WelchResult {
  const [a, b] = [momentsOf(first), momentsOf(second)]
  const difference = b.mean - a.mean
  const [va, vb] = [a.variance / a.n, b.variance / b.n]
  const error = Math.sqrt(va + vb)
  const df = (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1))
  if (error === 0) {
    const isSame = difference === 0
    return {
      difference,
      low: difference,
      high: difference,
      t: isSame ? 0 : Infinity * Math.sign(difference),
      df: a.n + b.n - 2,
      pValue: isSame ? 1 : 0,
      effect: isSame ? 0 : Infinity * Math.sign(difference),
    }
  }
  const t = difference / error
  const half = studentQuantile(0.05, df) * error
  const all = a.n + b.n - 2
  const pooled = Math.sqrt(((a.n - 1) * a.variance + (b.n - 1) * b.variance) / all)
  return {
    difference,
    low: difference - half,
    high: difference + half,
    t,
    df,
    pValue: studentTwoSided(t, df),
    effect: (difference / pooled) * (1 - 3 / (4 * all - 1)),
  }
}

export function momentsOf(values: readonly number[]): { n: number; mean: number; variance: number } {
  const n = values.length
  const mean = values.reduce((a, b) => a + b, 0) / n
  return { n, mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, n - 1) }
}
