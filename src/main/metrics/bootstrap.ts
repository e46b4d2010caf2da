/** Seeded bootstrap: how far a figure would move on other rows like these (Efron 1979, percentile interval). */
import { seededRandom } from '../../shared/seededRandom'

export interface Interval {
  low: number
  high: number
  /** Standard deviation over the resamples. */
  standardError: number
}

export const DEFAULT_SEED = 12345

export interface BootstrapOptions {
  /** Default 1000. */
  resamples?: number
  /** Share of the resamples inside the interval; default 0.95. */
  confidence?: number
  /** Default 12345, sacreBLEU's. */
  seed?: number
}

/** @param statistic of a resample: indices of its rows, some several times; the array is used again */
export function bootstrapInterval(
  rows: number,
  statistic: (indices: Int32Array) => number,
  options: BootstrapOptions = {},
): Interval {
  const values = bootstrapValues(rows, statistic, options)
  return intervalOf(values, options.confidence ?? 0.95)
}

/** The statistic of every resample, in order. */
export function bootstrapValues(
  rows: number,
  statistic: (indices: Int32Array) => number,
  { resamples = 1000, seed = DEFAULT_SEED }: BootstrapOptions = {},
): Float64Array {
  const random = seededRandom(seed)
  const indices = new Int32Array(rows)
  return Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < rows; i++) indices[i] = Math.floor(random() * rows)
    return statistic(indices)
  })
}

/** Values that are not numbers (a resample without any row of a class) are left out. */
export function intervalOf(values: Float64Array, confidence: number): Interval {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  if (sorted.length === 0) return { low: NaN, high: NaN, standardError: NaN }
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length
  const variance =
    sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, sorted.length - 1)
  return {
    low: quantile(sorted, (1 - confidence) / 2),
    high: quantile(sorted, (1 + confidence) / 2),
    standardError: Math.sqrt(variance),
  }
}

/** Linear interpolation between order statistics, NumPy's default. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!)
}
