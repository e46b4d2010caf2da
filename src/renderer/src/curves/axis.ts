/** What a curve is drawn over: optimizer steps, epochs, or seconds spent in training. */
import type { Series } from '../../../shared/domain/run'

export type XAxis = 'step' | 'epoch' | 'time'
export const X_AXES: readonly XAxis[] = ['step', 'epoch', 'time']

export interface StepScale {
  /** Epochs one optimizer step covers; null while unknown. */
  epochsPerStep: number | null
  /** Rows of one optimizer step, before the device count. */
  rowsPerStep: number
  /** Logged samples per second, at its steps. */
  rate: Series
}

/** Positions on the axis for the given steps. */
export function positions(steps: readonly number[], axis: XAxis, scale: StepScale): number[] {
  switch (axis) {
    case 'step':
      return [...steps]
    case 'epoch':
      return steps.map((step) => step * (scale.epochsPerStep ?? 0))
    case 'time':
      return secondsAt(steps, scale)
  }
}

/** Seconds of training up to each step: the logged rate, integrated. Pauses do not count. */
function secondsAt(steps: readonly number[], { rate, rowsPerStep }: StepScale): number[] {
  const seconds: number[] = []
  let elapsed = 0
  let at = 0
  let i = 0
  const secondsOfStep = (): number => {
    const samples = rate.values[Math.min(i, rate.values.length - 1)]
    return samples ? rowsPerStep / samples : 0
  }
  for (const step of steps) {
    while (i < rate.steps.length && rate.steps[i]! <= step) {
      elapsed += (rate.steps[i]! - at) * secondsOfStep()
      at = rate.steps[i]!
      i++
    }
    seconds.push(elapsed + Math.max(0, step - at) * secondsOfStep())
  }
  return seconds
}
