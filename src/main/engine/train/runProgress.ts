/** What a run remembers between steps beside weights and optimizer: sums for the log, the best evaluation, stops. */
import type { EvalMetrics, StepMetrics } from '../../../shared/domain/run'
import type { RunConfig } from '../../../shared/domain/runConfig'
import { bestMetric } from '../../../shared/domain/runConfigRules'
import type { TrainState } from '../checkpoint/trainingCheckpoint'
import { type Due, Selection, type Verdict } from './flow'
import type { StepOutcome } from './training'

type Remembered = Pick<
  TrainState,
  | 'pending'
  | 'epochEndPending'
  | 'lossSum'
  | 'lastLoggedStep'
  | 'lastGradNorm'
  | 'lastLearningRate'
  | 'rowsSeen'
  | 'trainSeconds'
  | 'best'
  | 'withoutImprovement'
  | 'bestCheckpointStep'
  | 'stopReason'
  | 'lastMetrics'
  | 'lastEvaluatedStep'
>

export class RunProgress {
  /** What the step just done still has to do. */
  pending: Due | null = null
  epochEndPending = false
  lastLoggedStep = 0
  bestCheckpointStep: number | null = null
  stopReason: string | null = null
  lastMetrics: EvalMetrics | null = null
  lastEvaluatedStep = -1
  rowsSeen = 0
  trainSeconds = 0
  readonly #selection: Selection
  readonly #config: RunConfig
  #lossSum = 0
  #gradNorm = 0
  #learningRate = 0

  constructor(config: RunConfig) {
    this.#config = config
    this.#selection = new Selection(config)
  }

  get hasStopped(): boolean {
    return this.stopReason !== null
  }

  get bestStep(): number | null {
    return this.#selection.state.best?.step ?? null
  }

  afterStep({ loss, gradNorm, learningRate }: StepOutcome): void {
    this.#lossSum += loss
    this.#gradNorm = gradNorm
    this.#learningRate = learningRate
  }

  /** The log line of a step: the mean loss since the last one. */
  takeLog(step: number): Pick<StepMetrics, 'step' | 'loss' | 'grad_norm' | 'learning_rate'> {
    const loss = this.#lossSum / (step - this.lastLoggedStep)
    this.#lossSum = 0
    this.lastLoggedStep = step
    return { step, loss, grad_norm: this.#gradNorm, learning_rate: this.#learningRate }
  }

  /** The metric that schedules and selection look at. */
  deciding(metrics: EvalMetrics): number {
    return metrics[bestMetric(this.#config)] ?? NaN
  }

  observe(metrics: EvalMetrics, step: number): Verdict {
    this.lastMetrics = metrics
    this.lastEvaluatedStep = step
    return this.#selection.observe(metrics, step)
  }

  remember(): Remembered {
    return {
      pending: this.pending,
      epochEndPending: this.epochEndPending,
      lossSum: this.#lossSum,
      lastLoggedStep: this.lastLoggedStep,
      lastGradNorm: this.#gradNorm,
      lastLearningRate: this.#learningRate,
      rowsSeen: this.rowsSeen,
      trainSeconds: this.trainSeconds,
      ...this.#selection.state,
      bestCheckpointStep: this.bestCheckpointStep,
      stopReason: this.stopReason,
      lastMetrics: this.lastMetrics,
      lastEvaluatedStep: this.lastEvaluatedStep,
    }
  }

  restore(state: Remembered): void {
    this.pending = state.pending
    this.epochEndPending = state.epochEndPending
    this.#lossSum = state.lossSum
    this.lastLoggedStep = state.lastLoggedStep
    this.#gradNorm = state.lastGradNorm
    this.#learningRate = state.lastLearningRate
    this.rowsSeen = state.rowsSeen
    this.trainSeconds = state.trainSeconds
    this.#selection.state = { best: state.best, withoutImprovement: state.withoutImprovement }
    this.bestCheckpointStep = state.bestCheckpointStep
    this.stopReason = state.stopReason
    this.lastMetrics = state.lastMetrics
    this.lastEvaluatedStep = state.lastEvaluatedStep
  }
}
