/** Optimizer steps of a run, counted as Transformers' Trainer counts them. */
interface StepSettings {
  num_train_epochs: number
  max_steps: number
  per_device_train_batch_size: number
  gradient_accumulation_steps: number
  dataloader_drop_last: boolean
}

export function totalSteps(trainRows: number, s: StepSettings): number {
  if (s.max_steps > 0) return s.max_steps
  return Math.ceil(s.num_train_epochs * stepsPerEpoch(trainRows, s))
}

export function stepsPerEpoch(trainRows: number, s: StepSettings): number {
  const batches = trainRows / s.per_device_train_batch_size
  const whole = s.dataloader_drop_last ? Math.floor(batches) : Math.ceil(batches)
  return Math.max(1, Math.ceil(whole / s.gradient_accumulation_steps))
}
