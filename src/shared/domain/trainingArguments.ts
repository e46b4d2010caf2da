/**
 * The training arguments: Transformers' names, defaults and meaning (TrainingArguments, Transformers 5), each with the
 * group and the one-line help the form and the documentation show. One table: the schema, the form, the command
 * line and docs/cli.md are generated from it.
 */
import { z } from 'zod'
import { arg, type Argument, count, countOrZero } from './argument'
import { FLOW_ARGUMENTS } from './flowArguments'
import { OPTIMIZATION_ARGUMENTS, REGULARIZATION_ARGUMENTS } from './optimizationArguments'

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

  ...OPTIMIZATION_ARGUMENTS,

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

  ...REGULARIZATION_ARGUMENTS,
  ...FLOW_ARGUMENTS,

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
