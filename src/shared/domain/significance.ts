/** Is one run better than another, beyond what chance explains? What a test measured, and the verdict on it. */

export type TestName = 'mcnemar' | 'randomisation' | 'welch' | 'two-shares'

export const TEST_LABELS: Readonly<Record<TestName, string>> = {
  mcnemar: 'McNemar’s exact test',
  randomisation: 'approximate randomisation',
  welch: 'Welch’s t test over seeds',
  'two-shares': 'z test of two shares',
}

/** One metric of two runs; differences are second less first. */
export interface Measured {
  metric: string
  test: TestName
  first: number
  second: number
  difference: number
  /** 95 %. */
  low: number
  high: number
  /** How the interval was made: its author, or the resamples. */
  intervalBy: string
  /** Two-sided, of this comparison alone. */
  pValue: number
  effect: { name: string; value: number }
  /** What was counted: rows both answered, or runs with other seeds on either side. */
  n: { rows: number } | { firstSeeds: number; secondSeeds: number }
  /** What else the reader should see: rows only one has right, degrees of freedom. */
  detail: string
  /** Rows with which a gap like this would be seen four times in five; null where that is not known. */
  rowsToSee: number | null
  warnings: string[]
}

export interface Verdict extends Measured {
  /** Which is better beyond noise, at the 5 % level after the correction; null: inside the noise. */
  better: 'first' | 'second' | null
  /** Holm's correction over all comparisons that were made at once. */
  adjustedPValue: number
  comparisons: number
  effectSize: 'negligible' | 'small' | 'medium' | 'large'
  /** All of it in plain words. */
  sentence: string
}
