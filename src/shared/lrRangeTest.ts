/**
 * The learning-rate range test (Smith 2015, "Cyclical learning rates for training neural networks"): a few steps whose
 * rate grows exponentially; where the loss falls fastest the rate is right, where it turns up it is too high.
 */

/** What was measured: one entry a step. */
export interface RangeTest {
  rates: number[]
  /** Loss before the step of that rate. */
  losses: number[]
  /** Exponential mean of the losses, without the bias of its start. */
  smoothed: number[]
  /** `null` where the loss never falls. */
  suggestion: Suggestion | null
  /** Why it ended before the last rate; `null` where it did not. */
  stopped: string | null
}

export interface Suggestion {
  /** Where the smoothed loss falls fastest by the logarithm of the rate. */
  steepest: number
  /** A tenth of the rate at which the smoothed loss is least. */
  minimumTenth: number
}

const SMOOTHING = 0.9
/** The test ends where the smoothed loss is this many times the least one. */
const DIVERGED = 4

/** `steps` rates from `from` to `to`, evenly spaced in their logarithm. */
export function sweepRates(from: number, to: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => from * (to / from) ** (i / (steps - 1)))
}

export function smoothLosses(losses: readonly number[]): number[] {
  let mean = 0
  return losses.map((loss, i) => {
    mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
    return mean / (1 - SMOOTHING ** (i + 1))
  })
}

export function hasDiverged(losses: readonly number[]): boolean {
  const smoothed = smoothLosses(losses)
  return smoothed.at(-1)! > DIVERGED * Math.min(...smoothed)
}

/** Looks at the rates up to the least smoothed loss. */
export function suggestRate(rates: readonly number[], smoothed: readonly number[]): Suggestion | null {
  const least = smoothed.indexOf(Math.min(...smoothed))
  let best = -1
  let steepest = 0
  for (let i = 1; i < least; i++) {
    const slope = (smoothed[i + 1]! - smoothed[i - 1]!) / Math.log(rates[i + 1]! / rates[i - 1]!)
    if (slope < steepest) [steepest, best] = [slope, i]
  }
  return best < 0 ? null : { steepest: rates[best]!, minimumTenth: rates[least]! / 10 }
}
