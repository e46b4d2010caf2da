/** Asynchronous successive halving (Li et al. 2018): of the trials that reach a rung, the best share goes on. */
import { lastStep, type History, type Trial } from '../history'
import { GO_ON, type Decision, type Pruner } from './pruner'

export interface SuccessiveHalvingOptions {
  /** Step of the first rung; "auto": a hundredth of the longest complete trial. */
  min_resource: number | 'auto'
  /** One of so many goes on; the next rung lies so many times as far. */
  reduction_factor: number
  min_early_stopping_rate: number
  /** A rung prunes all until more than so many have reached it. */
  bootstrap_count: number
}

export function successiveHalvingPruner(options: SuccessiveHalvingOptions): Pruner {
  // As Optuna's: estimated once, when the first trial is complete.
  let firstRung = options.min_resource === 'auto' ? null : options.min_resource
  return {
    decide(history, trial) {
      const step = lastStep(trial)
      if (step === null) return GO_ON
      firstRung ??= estimated(history)
      return firstRung === null ? GO_ON : climb(history, trial, step, firstRung, options)
    },
  }
}

function climb(
  history: History,
  trial: Trial,
  step: number,
  firstRung: number,
  { reduction_factor, min_early_stopping_rate, bootstrap_count }: SuccessiveHalvingOptions,
): Decision {
  const value = trial.intermediate.get(step)!
  const rungs = [...trial.rungs]
  for (;;) {
    const rung = rungs.length
    if (step < firstRung * reduction_factor ** (min_early_stopping_rate + rung))
      return { prune: false, rungs }
    if (Number.isNaN(value)) return { prune: true, rungs }
    rungs.push(value)
    const others = history.trials.filter(({ number }) => number !== trial.number)
    const competing = [...others.flatMap(({ rungs: theirs }) => theirs[rung] ?? []), value]
    if (competing.length <= bootstrap_count) return { prune: true, rungs }
    if (!isPromoted(value, competing, reduction_factor, history)) return { prune: true, rungs }
  }
}

/** Among the best 1/factor of those that came so far; the best alone while there are fewer than that. */
function isPromoted(value: number, competing: number[], factor: number, { direction }: History): boolean {
  const last = Math.max(0, Math.floor(competing.length / factor) - 1)
  competing.sort((a, b) => (direction === 'minimize' ? a - b : b - a))
  return direction === 'minimize' ? value <= competing[last]! : value >= competing[last]!
}

function estimated({ trials }: History): number | null {
  const steps = trials.flatMap((trial) => (trial.state === 'complete' ? (lastStep(trial) ?? []) : []))
  return steps.length === 0 ? null : Math.max(1, Math.floor(Math.max(...steps) / 100))
}
