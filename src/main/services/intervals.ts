/** 95 % intervals of shares: Wilson's score interval, and Agresti and Min's (2005) for two shares on the same rows. */

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
