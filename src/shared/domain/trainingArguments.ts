/**
 * The training arguments: Transformers' names, defaults and meaning (TrainingArguments, Transformers 5), each with the
 * group and the one-line help the form and the documentation show. One table: the schema, the form, the command
 * line and docs/cli.md are generated from it.
 */
import { z } from 'zod'

export const ARGUMENT_GROUPS = [
  'Model and data',
  'Optimization',
  'Schedule',
  'Regularization',
  'Evaluation, saving, stopping',
  'Logging',
  'Machine',
] as const
export type ArgumentGroup = (typeof ARGUMENT_GROUPS)[number]

export interface Argument<S extends z.ZodType = z.ZodType> {
  schema: S
  default: z.input<S>
  group: ArgumentGroup
  help: string
  /** Shown only when the group is expanded to all arguments. */
  advanced?: true
}

function arg<S extends z.ZodType>(
  schema: S,
  defaultValue: NoInfer<z.input<S>>,
  group: ArgumentGroup,
  help: string,
  advanced?: true,
): Argument<S> {
  return { schema, default: defaultValue, group, help, ...(advanced && { advanced }) }
}

const count = z.int().min(1)
const countOrZero = z.int().min(0)
const rate = z.number().min(0)
const share = z.number().min(0).max(1)
const strategy = z.enum(['no', 'steps', 'epoch'])

export const LR_SCHEDULERS = [
  'linear',
  'cosine',
  'cosine_with_restarts',
  'polynomial',
  'constant',
  'constant_with_warmup',
  'inverse_sqrt',
  'cosine_with_min_lr',
  'cosine_warmup_with_min_lr',
  'warmup_stable_decay',
  'reduce_lr_on_plateau',
  'greedy',
] as const

export const PROVIDERS = ['cpu', 'webgpu', 'dml', 'cuda', 'coreml'] as const
export type ProviderName = (typeof PROVIDERS)[number]

export const TRAINING_ARGUMENTS = {
  max_length: arg(count.max(8192), 128, 'Model and data', 'Longer texts are cut to this many tokens.'),
  label_delimiter: arg(
    z.union([z.null(), z.string().min(1)]),
    null,
    'Model and data',
    'What separates the labels of a row where they are one text; empty: the column holds lists.',
  ),
  mlm_probability: arg(
    z.number().gt(0).lt(1),
    0.15,
    'Model and data',
    'Share of tokens to predict: 80 % of them masked, 10 % another token, 10 % left as they are.',
  ),
  whole_word: arg(z.boolean(), false, 'Model and data', 'Mask all tokens of a word or none.'),

  num_train_epochs: arg(z.number().positive(), 3, 'Optimization', 'How often the training rows are seen.'),
  max_steps: arg(
    z.int().min(-1),
    -1,
    'Optimization',
    'Stop after this many optimizer steps; -1 leaves it to the epochs.',
    true,
  ),
  per_device_train_batch_size: arg(count, 8, 'Optimization', 'Rows that share a forward and backward pass.'),
  gradient_accumulation_steps: arg(
    count,
    1,
    'Optimization',
    'Batches whose gradients are summed before one optimizer step.',
  ),
  learning_rate: arg(z.number().positive(), 5e-5, 'Optimization', 'Peak step size of the optimizer.'),
  max_grad_norm: arg(
    rate,
    1,
    'Optimization',
    'Gradients are scaled down to this global norm; 0 turns clipping off.',
  ),
  optim: arg(
    z.enum(['adamw_torch']),
    'adamw_torch',
    'Optimization',
    'AdamW with decoupled weight decay.',
    true,
  ),
  adam_beta1: arg(share, 0.9, 'Optimization', 'Decay of the first moment.', true),
  adam_beta2: arg(share, 0.999, 'Optimization', 'Decay of the second moment.', true),
  adam_epsilon: arg(z.number().positive(), 1e-8, 'Optimization', "Added to AdamW's denominator.", true),

  lr_scheduler_type: arg(
    z.enum(LR_SCHEDULERS),
    'linear',
    'Schedule',
    'How the learning rate moves over the steps.',
  ),
  lr_scheduler_kwargs: arg(
    z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    {},
    'Schedule',
    'Settings of the schedule, such as num_cycles.',
    true,
  ),
  warmup_steps: arg(
    z.number().min(0),
    0,
    'Schedule',
    'Steps in which the learning rate climbs from 0; a fraction below 1 is a share of all steps.',
  ),

  weight_decay: arg(rate, 0, 'Regularization', 'Decoupled decay of weights; biases and norms are left out.'),
  label_smoothing_factor: arg(
    z.number().min(0).lt(1),
    0,
    'Regularization',
    'Share of the target probability spread over all classes.',
  ),
  class_weights: arg(
    z.union([z.null(), z.literal('balanced'), z.record(z.string(), z.number().positive())]),
    null,
    'Regularization',
    'Weight of each class in the loss; balanced weighs rare classes up.',
  ),

  per_device_eval_batch_size: arg(count, 8, 'Evaluation, saving, stopping', 'Rows evaluated at once.', true),
  eval_strategy: arg(
    strategy,
    'no',
    'Evaluation, saving, stopping',
    'When the validation split is evaluated.',
  ),
  eval_steps: arg(
    z.union([z.null(), count]),
    null,
    'Evaluation, saving, stopping',
    'Steps between evaluations; empty means logging_steps.',
  ),
  eval_on_start: arg(
    z.boolean(),
    false,
    'Evaluation, saving, stopping',
    'Evaluate once before the first step.',
    true,
  ),
  eval_delay: arg(
    rate,
    0,
    'Evaluation, saving, stopping',
    'Steps (or epochs) before the first evaluation.',
    true,
  ),
  save_strategy: arg(
    z.enum(['no', 'steps', 'epoch', 'best']),
    'steps',
    'Evaluation, saving, stopping',
    'When a checkpoint is kept.',
  ),
  save_steps: arg(count, 500, 'Evaluation, saving, stopping', 'Steps between checkpoints.'),
  save_total_limit: arg(
    z.union([z.null(), count]),
    null,
    'Evaluation, saving, stopping',
    'Oldest checkpoints beyond this many are deleted; the best is kept.',
  ),
  load_best_model_at_end: arg(
    z.boolean(),
    false,
    'Evaluation, saving, stopping',
    'End with the weights of the best evaluation.',
  ),
  metric_for_best_model: arg(
    z.union([z.null(), z.string().min(1)]),
    null,
    'Evaluation, saving, stopping',
    'What "best" means; empty means loss.',
  ),
  greater_is_better: arg(
    z.union([z.null(), z.boolean()]),
    null,
    'Evaluation, saving, stopping',
    'Direction of that metric; empty: lower for losses, higher for the rest.',
    true,
  ),
  early_stopping_patience: arg(
    z.union([z.null(), count]),
    null,
    'Evaluation, saving, stopping',
    'Stop after this many evaluations without improvement.',
  ),
  early_stopping_threshold: arg(
    rate,
    0,
    'Evaluation, saving, stopping',
    'An improvement must be larger than this.',
    true,
  ),

  logging_strategy: arg(
    strategy,
    'steps',
    'Logging',
    'When loss, gradient norm and learning rate are logged.',
    true,
  ),
  logging_steps: arg(count, 500, 'Logging', 'Steps between log lines.'),
  logging_first_step: arg(z.boolean(), false, 'Logging', 'Log the first step too.', true),
  run_name: arg(
    z.union([z.null(), z.string().min(1).max(200)]),
    null,
    'Logging',
    'Name in the history; empty gives one.',
  ),

  seed: arg(
    countOrZero.max(2 ** 32 - 1),
    42,
    'Machine',
    'Initial weights of new layers, dropout and the order of rows.',
  ),
  data_seed: arg(
    z.union([z.null(), countOrZero]),
    null,
    'Machine',
    'Order of rows alone; empty means seed.',
    true,
  ),
  train_sampling_strategy: arg(
    z.enum(['random', 'sequential']),
    'random',
    'Machine',
    'Order of training rows in an epoch.',
    true,
  ),
  dataloader_drop_last: arg(
    z.boolean(),
    false,
    'Machine',
    'Leave out the last batch of an epoch if it is not full.',
    true,
  ),
  provider: arg(
    z.enum(PROVIDERS),
    'cpu',
    'Machine',
    'What computes: the processor, or a GPU that passed its self-check.',
  ),
  num_threads: arg(
    z.union([z.null(), count.max(256)]),
    null,
    'Machine',
    "Threads of the processor; empty means the machine's cores.",
  ),
  output_dir: arg(
    z.union([z.null(), z.string().min(1)]),
    null,
    'Machine',
    'Where checkpoints go; empty means the run folder in the data folder.',
    true,
  ),
} satisfies Record<string, Argument>

export type TrainingArgumentName = keyof typeof TRAINING_ARGUMENTS
export type TrainingArguments = {
  [K in TrainingArgumentName]: z.output<(typeof TRAINING_ARGUMENTS)[K]['schema']>
}

/** Arguments of the Transformers Trainer that are understood and refused, unless set to the value named here. */
export const REFUSED_ARGUMENTS: Record<string, { harmless: readonly unknown[]; why: string }> = {
  bf16: { harmless: [false], why: 'Training computes in float32.' },
  fp16: { harmless: [false], why: 'Training computes in float32.' },
  gradient_checkpointing: {
    harmless: [false],
    why: 'Batches are cut into small pieces instead, which bounds memory.',
  },
  neftune_noise_alpha: { harmless: [null], why: 'NEFTune noise is not built yet.' },
  torch_compile: { harmless: [false], why: 'There is no PyTorch here.' },
  push_to_hub: { harmless: [false], why: 'Nothing is uploaded; export a bundle and upload it yourself.' },
  report_to: { harmless: ['none', null, []], why: 'Runs are recorded in the studio.' },
  deepspeed: { harmless: [null], why: 'One device a run.' },
  fsdp: { harmless: [null, '', []], why: 'One device a run.' },
  auto_find_batch_size: { harmless: [false], why: 'Memory does not grow with the batch size here.' },
  group_by_length: { harmless: [false], why: 'Rows are sorted by length inside each batch already.' },
  full_determinism: { harmless: [false, true], why: '' },
  dataloader_num_workers: { harmless: [0], why: 'Rows are tokenized once, before the first step.' },
  remove_unused_columns: { harmless: [true], why: 'Only the columns with a role are read.' },
}
