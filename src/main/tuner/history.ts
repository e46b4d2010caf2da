/** What samplers, pruners and importances look at: the trials of a study so far. Names and states are Optuna's. */
import type { Params, SearchSpace } from '../../shared/domain/searchSpace'
import type { Direction, TrialState } from '../../shared/domain/study'

export interface Trial {
  /** Counts from 0. */
  readonly number: number
  readonly state: TrialState
  /** Values of the active parameters; a running trial has them already. */
  readonly params: Params
  /** The objective; null until the trial is complete. */
  readonly value: number | null
  /** What was reported so far, by step. */
  readonly intermediate: ReadonlyMap<number, number>
  /** Successive halving: the value with which each rung was reached. */
  readonly rungs: readonly number[]
}

export interface History {
  /** Assigns trials to Hyperband's brackets. */
  readonly name: string
  readonly space: SearchSpace
  readonly direction: Direction
  /** By number. */
  readonly trials: readonly Trial[]
}

/** 1 to minimize, -1 to maximize: `sign * value` is the smaller the better. */
export function lossSign(direction: Direction): 1 | -1 {
  return direction === 'minimize' ? 1 : -1
}

export function lastStep(trial: Trial): number | null {
  return trial.intermediate.size === 0 ? null : Math.max(...trial.intermediate.keys())
}

/** Complete trials with a finite value, whose value is therefore known. */
export function completeTrials(history: History): (Trial & { value: number })[] {
  return history.trials.filter(
    (trial): trial is Trial & { value: number } =>
      trial.state === 'complete' && trial.value !== null && Number.isFinite(trial.value),
  )
}
