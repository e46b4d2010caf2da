/** How many optimizer steps a run takes and which rows share one: the rounding of Transformers' Trainer (5.23). */
import type { TrainingArguments } from '../../../shared/domain/trainingArguments'
import { UserError } from '../../../shared/errors'

export interface StepPlan {
  /** Batches the data loader gives in an epoch. */
  batchesPerEpoch: number
  stepsPerEpoch: number
  totalSteps: number
  /** Epochs begun; the last may be left early. */
  epochs: number
}

export type StepSettings = Pick<
  TrainingArguments,
  | 'per_device_train_batch_size'
  | 'gradient_accumulation_steps'
  | 'dataloader_drop_last'
  | 'num_train_epochs'
  | 'max_steps'
>

/** As Trainer.set_initial_training_values. */
export function planSteps(rows: number, settings: StepSettings): StepPlan {
  const perBatch = rows / settings.per_device_train_batch_size
  const batchesPerEpoch = settings.dataloader_drop_last ? Math.floor(perBatch) : Math.ceil(perBatch)
  const stepsPerEpoch = Math.max(1, Math.ceil(batchesPerEpoch / settings.gradient_accumulation_steps))
  const totalSteps =
    settings.max_steps > 0 ? settings.max_steps : Math.ceil(settings.num_train_epochs * stepsPerEpoch)
  return { batchesPerEpoch, stepsPerEpoch, totalSteps, epochs: Math.ceil(totalSteps / stepsPerEpoch) }
}

export interface StepPlace {
  /** From 0. */
  epoch: number
  /** Rows of the epoch's order that the step sees: [from, to). */
  from: number
  to: number
  /** Epochs done after the step, as logged. */
  epochAfter: number
  endsEpoch: boolean
}

/** Where the step that follows `stepsDone` steps stands. */
export function placeOfStep(
  stepsDone: number,
  rows: number,
  plan: StepPlan,
  settings: StepSettings,
): StepPlace {
  const epoch = Math.floor(stepsDone / plan.stepsPerEpoch)
  const inEpoch = stepsDone % plan.stepsPerEpoch
  const accumulation = settings.gradient_accumulation_steps
  const batchesAfter = Math.min((inEpoch + 1) * accumulation, plan.batchesPerEpoch)
  const batchRows = settings.per_device_train_batch_size
  return {
    epoch,
    from: inEpoch * accumulation * batchRows,
    to: Math.min(batchesAfter * batchRows, rows),
    epochAfter: epoch + batchesAfter / plan.batchesPerEpoch,
    endsEpoch: inEpoch === plan.stepsPerEpoch - 1,
  }
}

/** Rows of the largest step. */
export function largestStep(rows: number, settings: StepSettings): number {
  return Math.min(rows, settings.per_device_train_batch_size * settings.gradient_accumulation_steps)
}

/** @throws UserError where a step has a single row, of which there are no statistics. */
export function requireBatches(rows: number, plan: StepPlan, settings: StepSettings): void {
  for (let step = 0; step < Math.min(plan.stepsPerEpoch, plan.totalSteps); step++) {
    const { from, to } = placeOfStep(step, rows, plan, settings)
    if (to - from < 2)
      throw new UserError('bad-config', 'Batch normalisation needs at least two rows in every batch.', {
        where: { field: 'per_device_train_batch_size' },
        hint: `Step ${step + 1} of an epoch of ${rows} rows has one: change the batch size, or turn dataloader_drop_last on.`,
      })
  }
}
