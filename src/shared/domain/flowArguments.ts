/** Arguments of evaluation, saving, stopping and logging: what happens when. */
import { z } from 'zod'
import { arg, type Argument, count, rate, steps, strategy } from './argument'

export const FLOW_ARGUMENTS = {
  per_device_eval_batch_size: arg(count, 8, 'Evaluation, saving, stopping', 'Rows evaluated at once.', true),
  eval_strategy: arg(
    strategy,
    'no',
    'Evaluation, saving, stopping',
    'When the validation split is evaluated.',
  ),
  eval_steps: arg(
    z.union([z.null(), steps]),
    null,
    'Evaluation, saving, stopping',
    'Steps between evaluations, or a share of all; empty means logging_steps.',
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
  save_steps: arg(
    steps,
    500,
    'Evaluation, saving, stopping',
    'Steps between checkpoints; a fraction below 1 is a share of all steps.',
  ),
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
  logging_steps: arg(
    steps,
    500,
    'Logging',
    'Steps between log lines; a fraction below 1 is a share of all steps.',
  ),
  logging_first_step: arg(z.boolean(), false, 'Logging', 'Log the first step too.', true),
  run_name: arg(
    z.union([z.null(), z.string().min(1).max(200)]),
    null,
    'Logging',
    'Name in the history; empty gives one.',
  ),
} satisfies Record<string, Argument>
