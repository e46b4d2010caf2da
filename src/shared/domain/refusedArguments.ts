/**
 * Arguments of Transformers' TrainingArguments (5.23) that Tunesmith has no setting for: the values that ask for
 * nothing it does not do anyway are taken, all others refused with the reason.
 */
export interface RefusedArgument {
  /** Values that change nothing here; `any` where none would change the result. */
  harmless: 'any' | readonly unknown[]
  why: string
  /** Whether importing leaves it out rather than refusing: the trained model is the same without. */
  isBesideTraining?: true
}

const FLOAT32 = 'Training computes in float32, which is at least as exact.'
const NO_TORCH = 'There is no PyTorch here.'
const ONE_DEVICE = 'A run uses one device.'
const NO_HUB = 'Nothing is uploaded; export a bundle and upload it yourself.'
const PIECES = 'Batches are cut into small pieces instead, which bounds memory.'
const ENCODED = 'Rows are tokenized once, before the first step; no data loader runs beside the training.'
const RECORDED = 'Runs are recorded in the studio.'
const EVALUATED = 'Every evaluation sees all rows of the split at once and computes all metrics.'

const unless = (harmless: readonly unknown[], why: string): RefusedArgument => ({ harmless, why })
const beside = (why: string, harmless: RefusedArgument['harmless'] = 'any'): RefusedArgument => ({
  harmless,
  why,
  isBesideTraining: true,
})

export const REFUSED_ARGUMENTS: Readonly<Record<string, RefusedArgument>> = {
  bf16: unless([false], FLOAT32),
  fp16: unless([false], FLOAT32),
  bf16_full_eval: unless([false], FLOAT32),
  fp16_full_eval: unless([false], FLOAT32),
  tf32: unless([null, false], FLOAT32),
  gradient_checkpointing: beside(PIECES, [null, false]),
  gradient_checkpointing_kwargs: beside(PIECES),
  activation_checkpointing: beside(PIECES, [null, false]),
  activation_checkpointing_kwargs: beside(PIECES),
  auto_find_batch_size: beside('Memory does not grow with the batch size here.', [false]),
  torch_compile: beside(NO_TORCH, [false]),
  torch_compile_backend: beside(NO_TORCH),
  torch_compile_mode: beside(NO_TORCH),
  torch_empty_cache_steps: beside(NO_TORCH),
  use_liger_kernel: beside(NO_TORCH, [false]),
  liger_kernel_config: beside(NO_TORCH),
  use_cache: beside('A key/value cache is never used in training.'),
  optim_target_modules: unless([null], 'GaLore and APOLLO are not built.'),
  average_tokens_across_devices: beside(ONE_DEVICE),

  logging_nan_inf_filter: beside('A loss that is not finite ends the run; it is never averaged away.'),
  include_num_input_tokens_seen: beside('Tokens a second are logged always.'),
  log_on_each_node: beside(ONE_DEVICE),
  log_level: beside(RECORDED),
  log_level_replica: beside(RECORDED),
  disable_tqdm: beside('Progress is shown always.'),
  report_to: beside(RECORDED, ['none', null, [], ['none']]),
  project: beside(RECORDED),
  trackio_space_id: beside(RECORDED),
  trackio_bucket_id: beside(RECORDED),
  trackio_static_space_id: beside(RECORDED),

  prediction_loss_only: beside(EVALUATED, [false]),
  eval_do_concat_batches: beside(EVALUATED),
  eval_use_gather_object: beside(ONE_DEVICE),
  eval_accumulation_steps: beside(EVALUATED),
  include_for_metrics: beside(EVALUATED),
  batch_eval_metrics: beside(EVALUATED),

  save_only_model: beside('Every checkpoint can be resumed from.', [false]),
  save_on_each_node: beside(ONE_DEVICE),
  enable_jit_checkpoint: beside('A resume point is kept every two minutes anyway.'),
  push_to_hub: beside(NO_HUB, [false]),
  hub_token: beside(NO_HUB, [null]),
  hub_private_repo: beside(NO_HUB),
  hub_model_id: beside(NO_HUB),
  hub_strategy: beside(NO_HUB),
  hub_always_push: beside(NO_HUB),
  hub_revision: beside(NO_HUB),

  ignore_data_skip: unless([false], 'A resumed run goes on with the rows that were next.'),
  restore_callback_states_from_checkpoint: beside('A resumed run restores early stopping always.'),
  resume_from_checkpoint: unless([null, false], 'Resume a run of the history: tunesmith resume RUN.'),
  full_determinism: beside('Runs on the processor are always deterministic.'),
  use_cpu: unless([false], 'Set provider to cpu.'),
  accelerator_config: unless([null], ONE_DEVICE),
  parallelism_config: unless([null], ONE_DEVICE),
  dataloader_num_workers: beside(ENCODED),
  dataloader_pin_memory: beside(ENCODED),
  dataloader_persistent_workers: beside(ENCODED),
  dataloader_prefetch_factor: beside(ENCODED),
  dataloader_multiprocessing_context: beside(ENCODED),
  dataloader_in_order: beside(ENCODED),
  remove_unused_columns: beside('Only the columns with a role are read.'),
  label_names: unless([null, ['labels'], ['label']], 'Say which column holds the labels with columns.label.'),
  length_column_name: beside('Lengths are those of the token ids.'),
  ddp_find_unused_parameters: beside(ONE_DEVICE),
  ddp_bucket_cap_mb: beside(ONE_DEVICE),
  ddp_broadcast_buffers: beside(ONE_DEVICE),
  ddp_static_graph: beside(ONE_DEVICE),
  ddp_backend: beside(ONE_DEVICE),
  ddp_timeout: beside(ONE_DEVICE),
  local_rank: beside(ONE_DEVICE),
  deepspeed: unless([null], ONE_DEVICE),
  fsdp: unless([null, '', [], false], ONE_DEVICE),
  fsdp_config: unless([null], ONE_DEVICE),
  debug: beside(NO_TORCH, ['', []]),
  skip_memory_metrics: beside('Memory is measured always.'),
  do_train: beside('Only scripts read it, not the Trainer.'),
  do_eval: beside('Only scripts read it, not the Trainer.'),
  do_predict: beside('Only scripts read it, not the Trainer.'),
}

export function isHarmless({ harmless }: RefusedArgument, value: unknown): boolean {
  return harmless === 'any' || harmless.some((one) => JSON.stringify(one) === JSON.stringify(value))
}
