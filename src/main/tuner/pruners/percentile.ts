/** Percentile and median pruning: stops a trial whose best value is worse than most others' at the same step. */
import { lastStep, type History, type Trial } from '../history'
import { GO_ON, type Pruner } from './pruner'

export interface PercentileOptions {
  /** Share of trials, in percent, that may go on. */
  percentile: number
  /** No pruning until this many trials are complete. */
  n_startup_trials: number
  /** No pruning before this step. */
  n_warmup_steps: number
  interval_steps: number
  /** No pruning where fewer trials reported this step. */
  n_min_trials: number
}

export function percentilePruner(options: PercentileOptions): Pruner {
  return {
    decide(history, trial) {
      const complete = history.trials.filter(({ state }) => state === 'complete')
      const step = lastStep(trial)
      if (complete.length === 0 || complete.length < options.n_startup_trials || step === null) return GO_ON
      if (step < options.n_warmup_steps || !isFirstInInterval(trial, step, options)) return GO_ON
      const best = bestReported(trial, history.direction)
      if (best === null) return { prune: true }
      const limit = percentileAt(complete, step, history.direction, options)
      if (limit === null) return GO_ON
      return { prune: history.direction === 'maximize' ? best < limit : best > limit }
    },
  }
}

/** Reports between two checks are passed over: a check is due at the first report of its interval. */
function isFirstInInterval(
  trial: Trial,
  step: number,
  { n_warmup_steps: warmup, interval_steps: interval }: PercentileOptions,
): boolean {
  const due = Math.floor((step - warmup) / interval) * interval + warmup
  const earlier = [...trial.intermediate.keys()].filter((other) => other !== step)
  return Math.max(-1, ...earlier) < due
}

/** Null where nothing but NaN was reported. */
function bestReported(trial: Trial, direction: History['direction']): number | null {
  const values = [...trial.intermediate.values()].filter((value) => !Number.isNaN(value))
  if (values.length === 0) return null
  return direction === 'maximize' ? Math.max(...values) : Math.min(...values)
}

function percentileAt(
  complete: readonly Trial[],
  step: number,
  direction: History['direction'],
  { percentile, n_min_trials }: PercentileOptions,
): number | null {
  const reported = complete.flatMap(({ intermediate }) => intermediate.get(step) ?? [])
  if (reported.length < n_min_trials) return null
  const sorted = Float64Array.from(reported.filter((value) => !Number.isNaN(value))).sort()
  if (sorted.length === 0) return null
  const share = (direction === 'maximize' ? 100 - percentile : percentile) / 100
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!
  return sorted[below]! + (position - below) * (next - sorted[below]!)
}
