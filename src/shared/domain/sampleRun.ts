/**
 * The sample run: a small encoder from random weights on the semantic fields of WordNet. One place for the window's
 * one-click sample and the terminal's sample job. Figures behind the choices: docs/cli.md, `sample`.
 */
export const SAMPLE_DATASET = 'semantic-fields'

export const SAMPLE_RUN: Readonly<Record<string, unknown>> = {
  task: 'sequence-classification',
  model: {
    architecture: 'bert',
    config: {
      hidden_size: 128,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      intermediate_size: 512,
      max_position_embeddings: 128,
    },
  },
  dataset: { sample: SAMPLE_DATASET },
  vocab_size: 8000,
  max_length: 64,
  num_train_epochs: 6,
  per_device_train_batch_size: 32,
  per_device_eval_batch_size: 64,
  learning_rate: 1e-3,
  lr_scheduler_type: 'linear',
  warmup_steps: 0.06,
  weight_decay: 0.01,
  eval_strategy: 'epoch',
  save_strategy: 'epoch',
  save_total_limit: 2,
  load_best_model_at_end: true,
  metric_for_best_model: 'accuracy',
  logging_steps: 25,
  run_name: null,
}
