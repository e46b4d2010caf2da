import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkpointFolder, findResumePoint } from '../../../../src/main/engine/checkpoint/trainingCheckpoint'
import { OBJECTIVES } from '../../../../src/main/engine/objectives/registry'
import { PURPOSE } from '../../../../src/main/engine/random/stream'
import { maskRows } from '../../../../src/main/engine/train/masking'
import type { TrainSpec } from '../../../../src/main/engine/train/spec'
import { eventsOf, record, type Recorded, tinyRows, tinySpec } from '../train/tinyRun'

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
  const ofEpoch = (epoch: number) => maskRows(tinyRows(44, 1), settings, 42, PURPOSE.masking, epoch)
  return {
    objective: OBJECTIVES['masked-lm'],
    labels: [],
    train: ofEpoch(0),
    trainOfEpoch: ofEpoch,
    validation: maskRows(tinyRows(20, 2), settings, 42, PURPOSE.heldOutMasking),
  }
}

const CONFIGS: Record<
  string,
  { settings: Record<string, unknown>; withTypes?: boolean } & Partial<TrainSpec>
> = {
  defaults: { settings: {} },
  'sentence pairs, two threads': { settings: { num_threads: 2 }, withTypes: true },
  accumulation: { settings: { per_device_train_batch_size: 3, gradient_accumulation_steps: 2 } },
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
    settings: { neftune_noise_alpha: 5, per_device_train_batch_size: 4, gradient_accumulation_steps: 2 },
  },
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
  'momentum, dampened, large batch': {
    settings: {
      optim: 'sgd',
      optim_args: 'momentum=0.8,dampening=0.2',
      learning_rate: 0.05,
      per_device_train_batch_size: 16,
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
  },
  'the head on kept features': {
    settings: { trainable_layers: 0, cache_features: true, eval_strategy: 'epoch' },
  },
  'masked words, drawn anew each epoch': { settings: { task: 'masked-lm' }, ...masked() },
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

/** Log lines and evaluations without what the clock says. */
function told(recorded: Recorded): unknown[] {
  const steps = eventsOf(recorded, 'step').map(({ step, epoch, loss, grad_norm, learning_rate }) => ({
    step,
    epoch,
    loss,
    grad_norm,
    learning_rate,
  }))
  const evaluations = eventsOf(recorded, 'evaluate').map(({ step, epoch, metrics }) => ({
    step,
    epoch,
    loss: metrics['loss'],
    accuracy: metrics['accuracy'],
  }))
  return [steps, evaluations]
}

const weights = (spec: TrainSpec) => readFile(join(spec.outputDir, 'model.safetensors'))
const clean = (spec: TrainSpec) => rm(dirname(spec.outputDir), { recursive: true })

describe.each(Object.entries(CONFIGS))('a run with %s', (_, { settings, ...more }) => {
  it('ends with the same bits wherever it was stopped', async () => {
    const whole = await tinySpec(settings, more)
    const reference = await record(whole)
    const bits = await weights(whole)
    const last = eventsOf(reference, 'step').at(-1)!.step
    for (const cancelAfter of [1, Math.floor(last / 2), last - 1]) {
      const spec = await tinySpec(settings, more)
      const first = await record(spec, { cancelAfter })
      expect(first.result.state).toBe('cancelled')
      const resumeFrom = await findResumePoint(spec.checkpointsDir)
      expect(resumeFrom).toBe(checkpointFolder(spec.checkpointsDir, cancelAfter))
      const second = await record({ ...spec, resumeFrom: resumeFrom! })
      expect(second.result.state).toBe(reference.result.state)
      expect(told({ ...second, events: [...first.events, ...second.events] })).toEqual(told(reference))
      expect((await weights(spec)).equals(bits), `stopped after step ${cancelAfter}`).toBe(true)
      await clean(spec)
    }
    await clean(whole)
  })
})

describe('a run whose process died', () => {
  it('goes on from the last checkpoint and tells again what it told after it', async () => {
    const settings = { save_strategy: 'steps', save_steps: 3, num_train_epochs: 2 }
    const spec = await tinySpec(settings)
    const whole = await record(spec)
    const bits = await weights(spec)
    for (const step of [9, 12]) await rm(checkpointFolder(spec.checkpointsDir, step), { recursive: true })
    const resumeFrom = await findResumePoint(spec.checkpointsDir)
    expect(resumeFrom).toBe(checkpointFolder(spec.checkpointsDir, 6))
    const again = await record({ ...spec, resumeFrom: resumeFrom! })
    const after = (recorded: Recorded) =>
      eventsOf(recorded, 'step')
        .filter(({ step }) => step > 6)
        .map(({ loss, grad_norm }) => [loss, grad_norm])
    expect(after(again)).toEqual(after(whole))
    expect((await weights(spec)).equals(bits)).toBe(true)
    await clean(spec)
  })

  it('takes the evaluation at the end of an epoch that it had not come to', async () => {
    const settings = { save_strategy: 'steps', save_steps: 6, eval_strategy: 'epoch' }
    const spec = await tinySpec(settings)
    const whole = await record(spec)
    const resumed = await record({ ...spec, resumeFrom: checkpointFolder(spec.checkpointsDir, 6) })
    const evaluated = (recorded: Recorded) =>
      eventsOf(recorded, 'evaluate').map(({ step, metrics }) => [step, metrics['loss']])
    expect(evaluated(whole).map(([step]) => step)).toEqual([6, 12])
    expect(evaluated(resumed)).toEqual(evaluated(whole))
    await clean(spec)
  })

  it('repeats an evaluation in which it was cancelled', async () => {
    const settings = { eval_strategy: 'epoch', save_strategy: 'epoch' }
    const whole = await tinySpec(settings)
    const reference = await record(whole)
    const spec = await tinySpec(settings)
    const cancel = new AbortController()
    const first = await record(spec, {
      signal: cancel.signal,
      emit(event) {
        if (event.event === 'step' && event.step === 6) cancel.abort()
      },
    })
    expect([first.result.state, eventsOf(first, 'evaluate').length]).toEqual(['cancelled', 0])
    const resumeFrom = checkpointFolder(spec.checkpointsDir, 6)
    const second = await record({ ...spec, resumeFrom })
    expect(told({ ...second, events: [...first.events, ...second.events] })).toEqual(told(reference))
    expect(eventsOf(second, 'checkpoint').map(({ step, kind }) => [step, kind])).toEqual(
      eventsOf(reference, 'checkpoint').map(({ step, kind }) => [step, kind]),
    )
    await clean(spec)
    await clean(whole)
  })

  it('refuses a checkpoint of other data and one that was damaged', async () => {
    const spec = await tinySpec({ save_strategy: 'steps', save_steps: 5 })
    await record(spec)
    const resumeFrom = checkpointFolder(spec.checkpointsDir, 5)
    const other = { ...spec, resumeFrom, facts: { data_sha256: 'other', tokenizer_sha256: 'tokenizer' } }
    await expect(record(other)).rejects.toMatchObject({ code: 'conflict' })
    await rm(join(resumeFrom, 'training_state', 'optimizer.safetensors'))
    await expect(record({ ...spec, resumeFrom })).rejects.toMatchObject({ code: 'not-found' })
    expect(await findResumePoint(spec.checkpointsDir)).toBe(checkpointFolder(spec.checkpointsDir, 12))
    await clean(spec)
  })
})
