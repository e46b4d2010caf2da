/** A pruner says after a report whether a running trial is worth going on with. Behaviour equals Optuna 5's. */
import type { History, Trial } from '../history'

export interface Decision {
  prune: boolean
  /** Rungs of successive halving that the trial has reached now, to be kept with it. */
  rungs?: readonly number[]
}

export interface Pruner {
  /** @param trial with its newest report; the history may hold it as well */
  decide(history: History, trial: Trial): Decision
  /** Trials a sampler should learn from when it proposes trial `number` (Hyperband's bracket); all where absent. */
  peers?(history: History, number: number): History
}

export const GO_ON: Decision = { prune: false }
