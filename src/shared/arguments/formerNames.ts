/** Names and values of older Transformers versions, and what they are called now. */
export type ImportedValue =
  null | boolean | number | string | ImportedValue[] | { [key: string]: ImportedValue }

/** What an old argument becomes: settings, or nothing with the reason. */
export interface Mapping {
  set: Record<string, ImportedValue>
  note: string
}

type Map = (value: ImportedValue) => Mapping

const renamed =
  (name: string): Map =>
  (value) => ({ set: { [name]: value }, note: `Now called ${name}.` })
const dropped =
  (note: string): Map =>
  () => ({ set: {}, note })
const cpuWhere =
  (isTrue: (value: ImportedValue) => boolean): Map =>
  (value) =>
    isTrue(value)
      ? { set: { provider: 'cpu' }, note: 'Here the provider says what computes.' }
      : { set: {}, note: 'The provider stays as it is set.' }

const RECORDED = 'Runs are recorded in the studio.'
const FLOAT32 = 'Only says how half precision is done; training computes in float32.'
const ONE_DEVICE = 'A run uses one device.'

export const FORMER_NAMES: Readonly<Record<string, Map>> = {
  warmup_ratio: (value) => ({
    set: value === 0 ? {} : { warmup_steps: value },
    note: 'Now a fraction in warmup_steps.',
  }),
  evaluation_strategy: renamed('eval_strategy'),
  evaluate_during_training: (value) => ({
    set: { eval_strategy: value === true ? 'steps' : 'no' },
    note: 'Now eval_strategy.',
  }),
  per_gpu_train_batch_size: renamed('per_device_train_batch_size'),
  per_gpu_eval_batch_size: renamed('per_device_eval_batch_size'),
  group_by_length: dropped(
    'Rows are sorted by length inside each batch already, so nothing is padded in vain.',
  ),
  no_cuda: cpuWhere((value) => value === true),
  use_cpu: cpuWhere((value) => value === true),
  use_mps_device: dropped('The provider says what computes.'),
  adafactor: (value) => ({ set: value === true ? { optim: 'adafactor' } : {}, note: 'Now optim.' }),
  overwrite_output_dir: dropped('Every run has a folder of its own.'),
  logging_dir: dropped(RECORDED),
  save_safetensors: dropped('Weights are always saved as safetensors.'),
  include_inputs_for_metrics: dropped('Metrics see labels and logits.'),
  include_tokens_per_second: dropped('Tokens a second are logged always.'),
  fp16_opt_level: dropped(FLOAT32),
  fp16_backend: dropped(FLOAT32),
  half_precision_backend: dropped(FLOAT32),
  sharded_ddp: dropped(ONE_DEVICE),
  fsdp_min_num_params: dropped(ONE_DEVICE),
  fsdp_transformer_layer_cls_to_wrap: dropped(ONE_DEVICE),
  xpu_backend: dropped(ONE_DEVICE),
  torchdynamo: dropped('There is no PyTorch here.'),
  jit_mode_eval: dropped('There is no PyTorch here.'),
  use_ipex: dropped('There is no PyTorch here.'),
  use_legacy_prediction_loop: dropped('There is one evaluation loop.'),
  past_index: dropped('Models with a past index are no classifiers.'),
  tpu_num_cores: dropped(ONE_DEVICE),
  tpu_metrics_debug: dropped(ONE_DEVICE),
  mp_parameters: dropped(ONE_DEVICE),
  dispatch_batches: dropped(ONE_DEVICE),
  split_batches: dropped(ONE_DEVICE),
  ray_scope: dropped('Studies are run by the tuner.'),
  push_to_hub_model_id: dropped('Nothing is uploaded.'),
  push_to_hub_organization: dropped('Nothing is uploaded.'),
  push_to_hub_token: dropped('Nothing is uploaded.'),
}

/** Optimizers that compute what one of ours does. */
export const SAME_OPTIMIZER: Readonly<Record<string, { name: string; note: string }>> = {
  adamw_hf: { name: 'adamw_torch', note: 'AdamW.' },
  adamw_apex_fused: { name: 'adamw_torch', note: 'The same AdamW.' },
  adamw_torch_xla: { name: 'adamw_torch', note: 'The same AdamW.' },
  adamw_torch_npu_fused: { name: 'adamw_torch', note: 'The same AdamW.' },
  paged_adamw_32bit: { name: 'adamw_torch', note: 'The same AdamW; its state is not paged.' },
  paged_lion_32bit: { name: 'lion_32bit', note: 'The same Lion; its state is not paged.' },
}
