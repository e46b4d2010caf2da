/**
 * What a task is to the engine: the head its logits come from, the loss that labels put on them, and that loss once
 * more for evaluations. What rows are asked is told by their places and labels; nothing else here knows the task.
 */
import type { Problem, Task } from '../../../shared/domain/tasks'
import type { Value } from '../ir/graph'
import type { Dim } from '../ir/shape'

export interface LossSettings {
  labelSmoothing: number
  /** Weight of each class; all weigh 1 where it is absent. */
  classWeights?: readonly number[]
}

export interface Objective {
  readonly id: Problem
  /** Names the head. */
  readonly task: Task
  /** problem_type of config.json. */
  readonly problemType: string | null
  /** Whether an answer is wanted for single tokens, not for the row. */
  readonly isByToken: boolean
  readonly labels: LabelForm
  /**
   * Σ weight · loss over answers, []. logits [N,C]; labels in `labels`' form; weights [N]: 1 over the weight of all
   * answers of the batch, 0 where nothing is asked.
   */
  loss(logits: Value, labels: Value, weights: Value, settings: LossSettings): Value
  /** The loss of one answer and its weight in the mean, in float64; `label` is the index of the answer. */
  lossOf(
    logits: Float32Array,
    labels: Int32Array | Float32Array,
    answer: number,
    settings: LossSettings,
  ): { loss: number; weight: number }
}

/** How labels are fed: a class id for each answer [N] int32, or a number for each output [N,C] float32. */
export interface LabelForm {
  readonly dtype: 'int32' | 'float32'
  shape(answers: Dim, classes: number): Dim[]
}

export const CLASS_LABELS: LabelForm = { dtype: 'int32', shape: (answers) => [answers] }
export const NUMBER_LABELS: LabelForm = {
  dtype: 'float32',
  shape: (answers, classes) => [answers, classes],
}
