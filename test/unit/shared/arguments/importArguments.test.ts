import { describe, expect, it } from 'vitest'
import { CLASSIC_EXAMPLE } from '../../../../src/shared/arguments/classicExample'
import { importArguments } from '../../../../src/shared/arguments/importArguments'
import { parseRunConfig } from '../../../../src/shared/domain/runConfig'

const subject = {
  task: 'sequence-classification',
  model: { architecture: 'bert' },
  dataset: { sample: 'semantic-fields' },
}

const outcomes = (text: string) =>
  Object.fromEntries(importArguments(text).report.map(({ name, outcome }) => [name, outcome]))

describe('importing Transformers arguments', () => {
  it('runs the classic example with every argument it names', () => {
    const { settings, report } = importArguments(CLASSIC_EXAMPLE)
    expect(settings).toEqual({
      output_dir: './results',
      num_train_epochs: 3,
      per_device_train_batch_size: 16,
      per_device_eval_batch_size: 64,
      warmup_steps: 500,
      weight_decay: 0.01,
      logging_steps: 10,
      eval_strategy: 'steps',
    })
    expect(report.filter(({ outcome }) => outcome !== 'kept')).toEqual([
      expect.objectContaining({ name: 'logging_dir', outcome: 'dropped' }),
      expect.objectContaining({
        name: 'evaluation_strategy',
        outcome: 'mapped',
        set: { eval_strategy: 'steps' },
      }),
    ])
    expect(parseRunConfig({ ...subject, ...settings })).toMatchObject({ eval_steps: null, logging_steps: 10 })
  })

  it.each([
    ['JSON', '{"learning_rate": 2e-5, "warmup_ratio": 0.1, "no_cuda": true, "group_by_length": true}'],
    ['YAML', 'learning_rate: 2e-5\nwarmup_ratio: 0.1 # a tenth\nno_cuda: true\ngroup_by_length: yes'],
    [
      'Python',
      'x = 1\nargs = Seq2SeqTrainingArguments(  # mine\n learning_rate=2e-5, warmup_ratio=.1,\n no_cuda=True, group_by_length=True)',
    ],
  ])('reads %s', (_, text) => {
    const { settings, report } = importArguments(text)
    expect(settings).toEqual({ learning_rate: 2e-5, warmup_steps: 0.1, provider: 'cpu' })
    expect(report).toHaveLength(4)
  })

  it('reads every kind of Python literal', () => {
    const { settings, report } = importArguments(`TrainingArguments(
      'out', # not by name
      logging_dir="it's " 'x'[0],
      run_name='a "b" \\'c\\'',
      lr_scheduler_type=SchedulerType.COSINE_WITH_RESTARTS,
      lr_scheduler_kwargs={"num_cycles": 2, },
      report_to=["tensorboard"],
      max_steps=1_000,
      seed=-1 if x else 2,
      label_smoothing_factor=(0.1),
      fp16=torch.cuda.is_available(),
      load_best_model_at_end=False,
      greater_is_better=None,
    )`)
    expect(settings).toEqual({
      output_dir: 'out',
      run_name: `a "b" 'c'`,
      lr_scheduler_type: 'cosine_with_restarts',
      lr_scheduler_kwargs: { num_cycles: 2 },
      max_steps: 1000,
      label_smoothing_factor: 0.1,
      load_best_model_at_end: false,
      greater_is_better: null,
    })
    const refused = report.filter(({ outcome }) => outcome === 'refused')
    expect(refused.map(({ name, given }) => [name, given])).toEqual([
      ['logging_dir', `"it's " 'x'[0]`],
      ['seed', '-1 if x else 2'],
      ['fp16', 'torch.cuda.is_available()'],
    ])
  })

  it('takes early stopping from its callback', () => {
    const text = `Trainer(args=TrainingArguments(eval_strategy="epoch"), callbacks=[EarlyStoppingCallback(early_stopping_patience=3)])`
    expect(importArguments(text).settings).toEqual({ eval_strategy: 'epoch', early_stopping_patience: 3 })
  })

  it('says what it does with each', () => {
    expect(
      outcomes(`{
        "adafactor": true, "optim": "adamw_hf", "evaluation_strategy": "no", "eval_strategy": "epoch",
        "per_gpu_train_batch_size": 4, "bf16": true, "fp16": false, "report_to": "wandb", "deepspeed": "z.json",
        "dataloader_num_workers": 4, "learning_rat": 1, "logging_steps": 2.5, "lr_scheduler_kwargs": null
      }`),
    ).toEqual({
      adafactor: 'mapped',
      optim: 'mapped',
      evaluation_strategy: 'mapped',
      eval_strategy: 'kept',
      per_gpu_train_batch_size: 'mapped',
      bf16: 'refused',
      fp16: 'dropped',
      report_to: 'dropped',
      deepspeed: 'refused',
      dataloader_num_workers: 'dropped',
      learning_rat: 'refused',
      logging_steps: 'refused',
      lr_scheduler_kwargs: 'kept',
    })
    // The name of today goes before the one of yesterday.
    expect(importArguments('{"eval_strategy": "epoch", "evaluation_strategy": "no"}').settings).toEqual({
      eval_strategy: 'epoch',
    })
    expect(importArguments(`{"lr_scheduler_kwargs": "{\\"num_cycles\\": 2}"}`).settings).toEqual({
      lr_scheduler_kwargs: { num_cycles: 2 },
    })
    expect(outcomes('lr_scheduler_kwargs: "{num_cycles}"')).toEqual({ lr_scheduler_kwargs: 'refused' })
    expect(importArguments('{"optim": "paged_lion_32bit"}').settings).toEqual({ optim: 'lion_32bit' })
    expect(importArguments('{"optim": "adamw_bnb_8bit"}').report[0]).toMatchObject({ outcome: 'refused' })
  })

  it.each([
    ['{"a": }', 'not valid JSON'],
    ['[1, 2]', 'no arguments'],
    ['just words', 'no arguments'],
    ['TrainingArguments(learning_rate=1e-3', 'no end'],
    ['TrainingArguments(learning_rate)', 'name=value'],
    ['TrainingArguments(**kwargs)', 'from a variable'],
    ['a: [1', 'neither JSON nor YAML'],
  ])('refuses %s', (text, message) => {
    expect(() => importArguments(text)).toThrow(message)
  })
})
