/**
 * The sample run: the starter encoder on the semantic fields of WordNet. One place for the terminal's sample job and
 * whoever else wants it. What the choices give: docs/cli.md, "The sample".
 */
import { DEFAULT_STARTER } from './starters'

export const SAMPLE_DATASET = 'semantic-fields'

export const SAMPLE_RUN: Readonly<Record<string, unknown>> = {
  task: 'sequence-classification',
  model: { starter: DEFAULT_STARTER },
  dataset: { sample: SAMPLE_DATASET },
  max_length: 64,
  num_train_epochs: 3,
  per_device_train_batch_size: 32,
  per_device_eval_batch_size: 64,
  learning_rate: 5e-4,
  warmup_steps: 0.1,
  weight_decay: 0.01,
  eval_strategy: 'epoch',
  save_strategy: 'epoch',
  save_total_limit: 2,
  load_best_model_at_end: true,
  metric_for_best_model: 'accuracy',
  logging_steps: 25,
}
