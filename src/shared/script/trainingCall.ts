/** The `TrainingArguments(…)` of a run: every argument that is not the Trainer's own default, under its name there. */
import { bestIsGreater, bestMetric } from '../domain/runConfigRules'
import type { RunConfig } from '../domain/runConfig'
import { TRAINING_ARGUMENTS, type TrainingArgumentName } from '../domain/trainingArguments'
import { call, literal } from './python'

/** Settings that are the studio's own, or mean a place or a device of its machine. */
const NOT_THE_TRAINERS: readonly TrainingArgumentName[] = [
  'max_length',
  'label_delimiter',
  'mlm_probability',
  'whole_word',
  'class_weights',
  'mixup_alpha',
  'max_grad_value',
  'early_stopping_patience',
  'early_stopping_threshold',
  'provider',
  'num_threads',
  'output_dir',
  'optim',
  'metric_for_best_model',
  'greater_is_better',
]
/** What a reader looks for first. */
const ALWAYS: readonly TrainingArgumentName[] = [
  'num_train_epochs',
  'per_device_train_batch_size',
  'per_device_eval_batch_size',
  'learning_rate',
  'seed',
]

export function trainingCall(config: RunConfig): string {
  const names = (Object.keys(TRAINING_ARGUMENTS) as TrainingArgumentName[]).filter(
    (name) =>
      !NOT_THE_TRAINERS.includes(name) &&
      (ALWAYS.includes(name) ||
        JSON.stringify(config[name]) !== JSON.stringify(TRAINING_ARGUMENTS[name].default)),
  )
  return call('TrainingArguments', [
    'output_dir=str(HERE / "output")',
    ...names.map((name) => `${name}=${valueOf(config, name)}`),
    // Adam with coupled L2 takes the place of AdamW in create_optimizer.
    `optim=${literal(config.optim === 'adam_torch' ? 'adamw_torch' : config.optim)}`,
    ...best(config),
    'report_to="none"',
    ...(config.adapter === null ? [] : ['label_names=["labels"]']),
  ])
}

function valueOf(config: RunConfig, name: TrainingArgumentName): string {
  // The Trainer clips, and calls what cuts by value, only where there is a norm to clip to.
  if (name === 'max_grad_norm' && config.max_grad_norm === 0 && config.max_grad_value > 0)
    return 'float("inf")'
  return literal(config[name])
}

function best(config: RunConfig): string[] {
  const isAsked =
    config.load_best_model_at_end ||
    config.save_strategy === 'best' ||
    ['reduce_lr_on_plateau', 'greedy'].includes(config.lr_scheduler_type)
  if (!isAsked) return []
  // Pseudo-perplexity is exp of the loss: the same evaluation is best by either.
  const metric = bestMetric(config)
  return [
    `metric_for_best_model=${literal(metric === 'pseudo_perplexity' ? 'loss' : metric)}`,
    `greater_is_better=${literal(bestIsGreater(config))}`,
  ]
}
