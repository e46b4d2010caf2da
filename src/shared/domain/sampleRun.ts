/**
 * The sample run: a small encoder from random weights on the semantic fields of WordNet. One place for the terminal's
 * sample job and whoever else wants it. What the choices give: docs/cli.md, "The sample".
 */
import { smallEncoderConfig } from './smallEncoder'

export const SAMPLE_DATASET = 'semantic-fields'

export const SAMPLE_RUN: Readonly<Record<string, unknown>> = {
  task: 'sequence-classification',
  model: { architecture: 'bert', config: smallEncoderConfig(2, 128) },
  config_overrides: { hidden_dropout_prob: 0.2 },
  dataset: { sample: SAMPLE_DATASET },
  vocab_size: 8000,
  max_length: 64,
  num_train_epochs: 4,
  per_device_train_batch_size: 32,
  per_device_eval_batch_size: 64,
  learning_rate: 1e-3,
  warmup_steps: 0.06,
  weight_decay: 0.01,
  eval_strategy: 'epoch',
  save_strategy: 'epoch',
  save_total_limit: 2,
  load_best_model_at_end: true,
  metric_for_best_model: 'accuracy',
  logging_steps: 25,
  // A second thread gains little in layers this small, and where other programs run the two wait for each other.
  num_threads: 1,
}
