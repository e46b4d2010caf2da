// The settings that resuming is tried with: every optimizer, the schedules that remember, tasks, noise, adapters, stops.
import { OBJECTIVES } from '../../../../src/main/engine/objectives/registry'
import { PURPOSE } from '../../../../src/main/engine/random/stream'
import { maskRows } from '../../../../src/main/engine/train/masking'
import { type LabelledRows, rowCount } from '../../../../src/main/engine/train/rows'
import type { TrainSpec } from '../../../../src/main/engine/train/spec'
import { LABELS, tinyRows } from '../train/tinyRun'

/** Rows of 32 tokens: more than 32 of them are cut into several pieces, of few shapes. */
export function longRows(count: number, seed: number, withTypes = false): LabelledRows {
  return tinyRows(count, seed, withTypes, () => 32)
}

/** Three steps an epoch, of 40, 40 and 30 rows. */
export const TRAIN_ROWS = 110
export const VALIDATION_ROWS = 40

/** A model with weights, for what needs some. */
const WEIGHTS = new URL('../../../golden/bert/models/gelu-3-labels', import.meta.url).pathname
const fromWeights = { origin: { kind: 'folder', dir: WEIGHTS } } as const

/** Rows of which other tokens are masked in each epoch. */
function masked(): Pick<TrainSpec, 'objective' | 'labels' | 'train' | 'trainOfEpoch' | 'validation'> {
  const settings = {
    probability: 0.3,
    maskId: 4,
    vocabSize: 60,
    isSpecial: (id: number) => id < 5,
    words: null,
  }
  const ofEpoch = (epoch: number) => maskRows(longRows(TRAIN_ROWS, 1), settings, 42, PURPOSE.masking, epoch)
  return {
    objective: OBJECTIVES['masked-lm'],
    labels: [],
    train: ofEpoch(0),
    trainOfEpoch: ofEpoch,
    validation: maskRows(longRows(VALIDATION_ROWS, 2), settings, 42, PURPOSE.heldOutMasking),
  }
}

/** The same rows with other answers: a tag for each token, or numbers for each row. */
function tagged(rows: LabelledRows): LabelledRows {
  const positions = Int32Array.from(
    rows.ids,
    (_, i) => i - rows.offsets[rows.offsets.findLastIndex((at) => at <= i)]!,
  )
  const labels = Int32Array.from(rows.ids, (id) => id % LABELS.length)
  return { ...rows, labels, places: { positions, offsets: rows.offsets } }
}

function numbered(rows: LabelledRows, outputs: number): LabelledRows {
  const labels = Float32Array.from({ length: rowCount(rows) * outputs }, (_, i) => {
    const label = rows.labels[Math.floor(i / outputs)]!
    return outputs === 1 ? label / 2 : Number(i % outputs <= label)
  })
  return { ...rows, labels }
}

function both(answered: (rows: LabelledRows) => LabelledRows): Pick<TrainSpec, 'train' | 'validation'> {
  return { train: answered(longRows(TRAIN_ROWS, 1)), validation: answered(longRows(VALIDATION_ROWS, 2)) }
}

interface Tried extends Partial<TrainSpec> {
  settings: Record<string, unknown>
  withTypes?: boolean
  layers?: number
  /** Where its rows are so short that there are no pieces to stop between. */
  isInOnePiece?: boolean
}

export const CONFIGS: Record<string, Tried> = {
  defaults: { settings: {} },
  'sentence pairs, two threads': { settings: { num_threads: 2 }, withTypes: true },
  accumulation: { settings: { per_device_train_batch_size: 20, gradient_accumulation_steps: 2 } },
  'restarts, clipping, decay, weights': {
    settings: {
      lr_scheduler_type: 'cosine_with_restarts',
      lr_scheduler_kwargs: { num_cycles: 2 },
      warmup_steps: 0.2,
      max_grad_norm: 0.1,
      weight_decay: 0.1,
      class_weights: 'balanced',
      label_smoothing_factor: 0.1,
    },
  },
  'Adafactor, clipping by value': {
    settings: { optim: 'adafactor', max_grad_value: 0.01, weight_decay: 0.1 },
  },
  'Lion, decay': { settings: { optim: 'lion_32bit', learning_rate: 3e-4, weight_decay: 0.1 } },
  'Adam with coupled decay': { settings: { optim: 'adam_torch', weight_decay: 0.1, adam_beta2: 0.98 } },
  'NEFTune noise, accumulation': {
    settings: { neftune_noise_alpha: 5, per_device_train_batch_size: 10, gradient_accumulation_steps: 4 },
  },
  mixup: { settings: { mixup_alpha: 0.4 } },
  'Nesterov momentum': {
    settings: { optim: 'sgd', optim_args: 'momentum=0.9,nesterov=true', learning_rate: 0.05 },
  },
  'plain gradient descent, cosine': {
    settings: { optim: 'sgd', learning_rate: 0.1, lr_scheduler_type: 'cosine', max_grad_norm: 0 },
  },
  'rows in file order, last batch dropped': {
    settings: {
      train_sampling_strategy: 'sequential',
      dataloader_drop_last: true,
      lr_scheduler_type: 'polynomial',
    },
  },
  'order of its own, wsd': {
    settings: {
      data_seed: 7,
      lr_scheduler_type: 'warmup_stable_decay',
      lr_scheduler_kwargs: { num_decay_steps: 3 },
      warmup_steps: 2,
    },
  },
  'max_steps, inverse square root': {
    settings: { max_steps: 7, lr_scheduler_type: 'inverse_sqrt', warmup_steps: 3 },
  },
  'momentum, dampened': {
    settings: {
      optim: 'sgd',
      optim_args: 'momentum=0.8,dampening=0.2',
      learning_rate: 0.05,
    },
  },
  'a first evaluation, steps in fractions': {
    settings: {
      eval_on_start: true,
      eval_strategy: 'steps',
      eval_steps: 0.25,
      save_strategy: 'steps',
      save_steps: 0.5,
      eval_delay: 4,
    },
  },
  'checkpoints of the best, greedy': {
    settings: {
      eval_strategy: 'steps',
      eval_steps: 3,
      save_strategy: 'best',
      lr_scheduler_type: 'greedy',
      metric_for_best_model: 'accuracy',
      load_best_model_at_end: true,
    },
  },
  'noise, weights, pairs, Adafactor': {
    settings: {
      optim: 'adafactor',
      neftune_noise_alpha: 10,
      class_weights: { low: 1, middle: 2, high: 0.5 },
      lr_scheduler_type: 'cosine_with_min_lr',
      lr_scheduler_kwargs: { min_lr_rate: 0.1 },
    },
    withTypes: true,
  },
  'no dropout, constant rate, label smoothing': {
    settings: {
      config_overrides: { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 },
      lr_scheduler_type: 'constant_with_warmup',
      warmup_steps: 2,
      label_smoothing_factor: 0.2,
    },
  },
  'evaluations, plateau, best': {
    settings: {
      eval_strategy: 'steps',
      eval_steps: 2,
      save_strategy: 'steps',
      save_steps: 4,
      save_total_limit: 1,
      load_best_model_at_end: true,
      lr_scheduler_type: 'reduce_lr_on_plateau',
      lr_scheduler_kwargs: { patience: 0, factor: 0.5 },
      logging_steps: 1,
    },
  },
  'an adapter, dropout in it, the best at the end': {
    ...fromWeights,
    settings: {
      model: WEIGHTS,
      adapter: { type: 'lora', r: 2, lora_dropout: 0.2, target_modules: 'all-linear' },
      eval_strategy: 'steps',
      eval_steps: 3,
      save_strategy: 'steps',
      save_steps: 3,
      load_best_model_at_end: true,
    },
  },
  'the last layer, rates by layer': {
    settings: { trainable_layers: 1, layerwise_lr_decay: 0.7, weight_decay: 0.1 },
    layers: 2,
  },
  'the head on kept features': {
    settings: { trainable_layers: 0, cache_features: true, eval_strategy: 'epoch' },
    isInOnePiece: true,
  },
  'masked words, drawn anew each epoch': { settings: { task: 'masked-lm' }, ...masked() },
  'a tag for each token, epochs': {
    settings: { task: 'token-classification', eval_strategy: 'epoch', optim: 'adafactor' },
    objective: OBJECTIVES['token-classification'],
    ...both((rows) => tagged(rows)),
  },
  'several labels a row, cosine': {
    settings: { problem_type: 'multi_label_classification', lr_scheduler_type: 'cosine' },
    objective: OBJECTIVES['multi-label'],
    ...both((rows) => numbered(rows, LABELS.length)),
  },
  'a number, Nesterov': {
    settings: {
      problem_type: 'regression',
      optim: 'sgd',
      optim_args: 'momentum=0.9,nesterov=true',
      per_device_train_batch_size: 16,
      gradient_accumulation_steps: 3,
    },
    objective: OBJECTIVES.regression,
    labels: ['score'],
    ...both((rows) => numbered(rows, 1)),
  },
  'frozen parts': { settings: { freeze: ['*.attention.*', '*.LayerNorm.*'] } },
  'epochs, early stopping': {
    settings: {
      num_train_epochs: 6,
      eval_strategy: 'epoch',
      save_strategy: 'epoch',
      load_best_model_at_end: true,
      early_stopping_patience: 1,
      early_stopping_threshold: 0.2,
    },
  },
}
