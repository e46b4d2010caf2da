/** Two settings on the same seeds: the mean of their paired differences and Student's interval of it. */
import { studentQuantile } from './distributions'
import type { Interval } from './intervals'
import { momentsOf } from './welch'

export interface PairedT extends Interval {
  /** Mean of second less first. */
  difference: number
}

/** 95 % interval with n − 1 degrees of freedom. @param second as many as of the first, two or more */
export function pairedT(first: readonly number[], second: readonly number[]): PairedT {
  const { n, mean, variance } = momentsOf(second.map((value, i) => value - first[i]!))
  const half = studentQuantile(0.05, n - 1) * Math.sqrt(variance / n)
  return { difference: mean, low: mean - half, high: mean + half }
}
