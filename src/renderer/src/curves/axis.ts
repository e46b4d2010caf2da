/** What a curve is drawn over: optimizer steps, epochs, tokens seen, or seconds spent in training. */
import type { Series } from '../../../shared/domain/run'

export const X_AXES = ['step', 'epoch', 'tokens', 'time'] as const
export type XAxis = (typeof X_AXES)[number]

export interface StepScale {
  /** Epochs one optimizer step covers; null while unknown. */
  epochsPerStep: number | null
  /** Rows of one optimizer step, before the device count. */
  rowsPerStep: number
  /** Logged samples per second, at its steps. */
  rate: Series
  /** Logged tokens per second. */
  tokenRate: Series
}

/** Positions on the axis for the given steps. */
export function positions(steps: readonly number[], axis: XAxis, scale: StepScale): number[] {
  switch (axis) {
    case 'step':
      return [...steps]
    case 'epoch':
      return steps.map((step) => step * (scale.epochsPerStep ?? 0))
    case 'tokens':
      return summed(steps, scale.tokenRate.steps, (i) => tokensOfStep(scale, i))
    case 'time':
      return summed(steps, scale.rate.steps, (i) => secondsOfStep(scale, i))
  }
}

/** From the logged rate: pauses do not count. */
function secondsOfStep({ rate, rowsPerStep }: StepScale, i: number): number {
  const samples = rate.values[i]
  return samples ? rowsPerStep / samples : 0
}

/** Tokens and rows of the same second, over the rows of a step. The two series may be thinned at different steps. */
function tokensOfStep({ rate, tokenRate, rowsPerStep }: StepScale, i: number): number {
  const at = rate.steps.findLastIndex((step) => step <= tokenRate.steps[i]!)
  const samples = rate.values[Math.max(0, at)]
  return samples ? (rowsPerStep * (tokenRate.values[i] ?? 0)) / samples : 0
}

/** What all steps up to each took together, a step taking what was logged at the next logged one. */
function summed(
  steps: readonly number[],
  logged: readonly number[],
  ofStep: (i: number) => number,
): number[] {
  const sums: number[] = []
  let sum = 0
  let at = 0
  let i = 0
  const each = (): number => ofStep(Math.min(i, logged.length - 1))
  for (const step of steps) {
    while (i < logged.length && logged[i]! <= step) {
      sum += (logged[i]! - at) * each()
      at = logged[i]!
      i++
    }
    sums.push(sum + Math.max(0, step - at) * each())
  }
  return sums
}
