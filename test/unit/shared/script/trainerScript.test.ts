import { describe, expect, it } from 'vitest'
import { PURPOSE } from '../../../../src/main/engine/random/stream'
import { parseRunConfig } from '../../../../src/shared/domain/runConfig'
import { trainerScript } from '../../../../src/shared/script/trainerScript'

const script = (settings: Record<string, unknown>) =>
  trainerScript({
    name: 'Run "7"',
    files: 'train-files',
    config: parseRunConfig({
      task: 'sequence-classification',
      model: { architecture: 'bert' },
      dataset: { train: 'train.jsonl', validation: 'validation.jsonl' },
      columns: { text: 'text', label: 'label' },
      ...settings,
    }),
  })

describe('a run as a script', () => {
  // Each was run by hand beside the studio: see the README of test/golden/script.
  it.each([
    ['classes', { eval_strategy: 'epoch', warmup_steps: 3, weight_decay: 0.05, num_train_epochs: 2 }],
    [
      'everything',
      {
        class_weights: 'balanced',
        label_smoothing_factor: 0.1,
        gradient_accumulation_steps: 3,
        freeze: ['bert.embeddings.*'],
        trainable_layers: 1,
        layerwise_lr_decay: 0.7,
        optim: 'adam_torch',
        max_grad_value: 0.01,
        max_grad_norm: 0,
        eval_strategy: 'steps',
        eval_steps: 10,
        save_strategy: 'steps',
        save_steps: 20,
        load_best_model_at_end: true,
        metric_for_best_model: 'f1',
        early_stopping_patience: 2,
        early_stopping_threshold: 0.01,
        lr_scheduler_type: 'cosine_with_min_lr',
        lr_scheduler_kwargs: { min_lr_rate: 0.1 },
      },
    ],
    [
      'tags-with-adapter',
      {
        task: 'token-classification',
        columns: { tokens: 'tokens', tags: 'tags' },
        model: 'some-folder',
        adapter: { type: 'lora', r: 4 },
        eval_strategy: 'epoch',
      },
    ],
    ['masks', { task: 'masked-lm', columns: { text: 'text' }, whole_word: true, eval_strategy: 'epoch' }],
    ['numbers', { problem_type: 'regression', gradient_accumulation_steps: 2, eval_strategy: 'epoch' }],
    ['several-labels', { problem_type: 'multi_label_classification', train_sampling_strategy: 'sequential' }],
  ])('of %s', async (name, settings) => {
    await expect(script(settings)).toMatchFileSnapshot(`../../../golden/script/${name}.py`)
  })

  it('draws as the engine does', () => {
    const masked = script({ task: 'masked-lm', columns: { text: 'text' }, seed: 9, data_seed: 3 })
    expect(masked).toContain(`Draws(3, ${PURPOSE.order}, self.epoch)`)
    expect(masked).toContain(
      `[${PURPOSE.heldOutMasking}] if self.is_held_out else [${PURPOSE.masking}, self.epoch]`,
    )
    expect(masked).toContain('Draws(9, *key, row)')
  })

  it('writes nothing that is not asked for', () => {
    const plain = script({ train_sampling_strategy: 'sequential' })
    for (const absent of ['class ', 'eval_dataset', 'mean_loss', 'peft', 'EarlyStopping', 'requires_grad'])
      expect(plain).not.toContain(absent)
  })

  it('names the packages that it needs', () => {
    const install = (settings: Record<string, unknown>) => /pip install .*/.exec(script(settings))![0]
    expect(install({})).toMatch(/accelerate scikit-learn$/)
    expect(install({ optim: 'lion_32bit' })).toMatch(/accelerate scikit-learn bitsandbytes$/)
  })

  it('refuses models that Transformers does not have', () => {
    expect(() => script({ model: { architecture: 'tunesmith-text-cnn' } })).toThrow('no script of it')
    expect(() => script({ mixup_alpha: 0.4 })).toThrow('no mixup')
  })

  it('lets no name break out of the first line', () => {
    const text = trainerScript({
      name: 'a"""\nimport os \\',
      files: 'train-files',
      config: parseRunConfig({
        task: 'sequence-classification',
        model: { architecture: 'bert' },
        dataset: { sample: 'semantic-fields' },
      }),
    })
    expect(text.split('\n')[0]).toBe(
      '"""a    import os  , a run of Tunesmith, as a script for the Trainer of Transformers 5.',
    )
  })
})
