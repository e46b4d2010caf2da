/** When to log, evaluate, save and stop: Transformers' DefaultFlowCallback and EarlyStoppingCallback (5.23). */
import type { RunConfig } from '../../../shared/domain/runConfig'
import { bestIsGreater, bestMetric, evalEvery, stepsOf } from '../../../shared/domain/runConfigRules'
import { UserError } from '../../../shared/errors'

export interface Due {
  log: boolean
  evaluate: boolean
  save: boolean
}

export function dueAfterStep(config: RunConfig, step: number, totalSteps: number): Due {
  const isLast = step >= totalSteps
  const isMultipleOf = (every: number) => step % stepsOf(every, totalSteps) === 0
  return {
    log:
      (step === 1 && config.logging_first_step) ||
      (config.logging_strategy === 'steps' && isMultipleOf(config.logging_steps)),
    evaluate:
      config.eval_strategy === 'steps' &&
      config.eval_delay <= step &&
      (isLast || isMultipleOf(evalEvery(config))),
    save: config.save_strategy === 'steps' && (isLast || isMultipleOf(config.save_steps)),
  }
}

export function dueAfterEpoch(config: RunConfig, epochsDone: number): Due {
  return {
    log: config.logging_strategy === 'epoch',
    evaluate: config.eval_strategy === 'epoch' && config.eval_delay <= epochsDone,
    save: config.save_strategy === 'epoch',
  }
}

export interface Best {
  value: number
  step: number
}

export interface SelectionState {
  best: Best | null
  /** Evaluations in a row without improvement. */
  withoutImprovement: number
}

export interface Verdict {
  isBest: boolean
  shouldStop: boolean
}

/** Keeps the best evaluation and counts those that were no better. */
export class Selection {
  state: SelectionState = { best: null, withoutImprovement: 0 }
  readonly #config: RunConfig

  constructor(config: RunConfig) {
    this.#config = config
  }

  /** @throws UserError `bad-config` where the metric that decides is not among the evaluation's. */
  observe(metrics: Readonly<Record<string, number>>, step: number): Verdict {
    const name = bestMetric(this.#config)
    const value = metrics[name]
    if (value === undefined)
      throw new UserError('bad-config', `The evaluation gives no ${name}.`, {
        where: { field: 'metric_for_best_model' },
        hint: `It gives: ${Object.keys(metrics).join(', ')}.`,
      })
    const { best } = this.state
    const isBetter = (than: number) => (bestIsGreater(this.#config) ? value > than : value < than)
    const patience = this.#config.early_stopping_patience
    const hasImproved =
      best === null ||
      (isBetter(best.value) && Math.abs(value - best.value) > this.#config.early_stopping_threshold)
    this.state.withoutImprovement = hasImproved ? 0 : this.state.withoutImprovement + 1
    const isBest = isBetter(best?.value ?? (bestIsGreater(this.#config) ? -Infinity : Infinity))
    if (isBest) this.state.best = { value, step }
    return { isBest, shouldStop: patience !== null && this.state.withoutImprovement >= patience }
  }
}
