/** Intervals for shares of rows: Wilson's score interval, and Newcombe's (1998, method 10) for a difference. */

export interface Interval {
  low: number
  high: number
}

/** Two-sided 95 %. */
const Z = 1.959963984540054

/** @param share k/n in [0, 1]; @param rows n ≥ 1 */
export function wilson(share: number, rows: number): Interval {
  const z2 = Z * Z
  const centre = share + z2 / (2 * rows)
  const half = Z * Math.sqrt((share * (1 - share)) / rows + z2 / (4 * rows * rows))
  const scale = 1 + z2 / rows
  return { low: (centre - half) / scale, high: (centre + half) / scale }
}

/**
 * Interval of a - b, both measured on `rows` rows. The rows are the same, so the true interval is narrower: a
 * difference that this one calls real is real.
 */
export function differenceInterval(a: number, b: number, rows: number): Interval {
  const [ia, ib] = [wilson(a, rows), wilson(b, rows)]
  return {
    low: a - b - Math.hypot(a - ia.low, ib.high - b),
    high: a - b + Math.hypot(ia.high - a, b - ib.low),
  }
}
