/** Is one system better than another on the same rows by more than chance? Paired bootstrap (Koehn 2004). */
import { bootstrapValues, intervalOf, type BootstrapOptions, type Interval } from '../bootstrap'

export interface PairedDifference extends Interval {
  /** First minus second, on all rows. */
  difference: number
  /** Two-sided: how often a resample, centred on no difference, differs as much. */
  pValue: number
}

/** @param statistic a system's figure on a resample: indices of its rows */
export function pairedBootstrap(
  rows: number,
  first: (indices: Int32Array) => number,
  second: (indices: Int32Array) => number,
  options: BootstrapOptions = {},
): PairedDifference {
  const all = Int32Array.from({ length: rows }, (_, i) => i)
  const difference = first(all) - second(all)
  const differences = bootstrapValues(rows, (indices) => first(indices) - second(indices), options)
  const mean = differences.reduce((a, b) => a + b, 0) / differences.length
  const asLarge = differences.filter((d) => Math.abs(d - mean) >= Math.abs(difference)).length
  return {
    difference,
    ...intervalOf(differences, options.confidence ?? 0.95),
    pValue: (asLarge + 1) / (differences.length + 1),
  }
}
