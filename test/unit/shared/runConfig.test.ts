import { describe, expect, it } from 'vitest'
import { checkRunConfig, parseRunConfig } from '../../../src/shared/domain/runConfig'
import { UserError } from '../../../src/shared/errors'

const least = {
  task: 'sequence-classification',
  model: { architecture: 'bert' },
  dataset: { sample: 'semantic-fields' },
}

function problemsOf(more: Record<string, unknown>) {
  const checked = checkRunConfig({ ...least, ...more })
  return 'problems' in checked ? checked.problems : []
}

describe('a run config', () => {
  it('is complete: every default written out', () => {
    const config = parseRunConfig(least)
    expect(config).toMatchObject({
      learning_rate: 5e-5,
      num_train_epochs: 3,
      seed: 42,
      lr_scheduler_type: 'linear',
    })
    expect(parseRunConfig(JSON.parse(JSON.stringify(config)))).toEqual(config)
  })

  it('refuses an unknown setting with the nearest known name', () => {
    const [problem] = problemsOf({ learning_rat: 1e-3 })
    expect(problem).toMatchObject({ where: { field: 'learning_rat' }, hint: 'Did you mean learning_rate?' })
  })

  it.each([
    ['learning_rate', '1e-3'],
    ['num_train_epochs', 0],
    ['per_device_train_batch_size', 2.5],
    ['lr_scheduler_type', 'cosin'],
    ['class_weights', { spam: -1 }],
    ['dataset', { train: 7 }],
    ['task', 'translation'],
  ])('refuses %s of %j, naming it', (field, value) => {
    const [problem] = problemsOf({ [field]: value })
    expect(problem?.where.field.split('.')[0]).toBe(field)
    expect(problem?.message).toContain(field)
  })

  it('takes what Transformers would, and says why it does not what it cannot', () => {
    expect(problemsOf({ fp16: false, report_to: 'none' })).toEqual([])
    const [problem] = problemsOf({ fp16: true })
    expect(problem).toMatchObject({ code: 'unsupported', where: { field: 'fp16' } })
    expect(problem?.message).toContain('float32')
  })

  it('offers the change that mends a contradiction', () => {
    const settings = {
      load_best_model_at_end: true,
      eval_strategy: 'steps',
      eval_steps: 450,
      save_steps: 500,
    }
    const [problem] = problemsOf(settings)
    expect(problem?.where.field).toBe('save_steps')
    expect(problem?.fixes?.map((fix) => fix.set)).toEqual([{ save_steps: 450 }, { save_steps: 900 }])
    for (const fix of problem!.fixes!) expect(problemsOf({ ...settings, ...fix.set })).toEqual([])
  })

  it.each(['cosine_with_min_lr', 'cosine_warmup_with_min_lr'])('asks for the floor of %s', (name) => {
    const [problem] = problemsOf({ lr_scheduler_type: name })
    expect(problem?.where.field).toBe('lr_scheduler_kwargs')
    expect(problemsOf({ lr_scheduler_type: name, ...problem!.fixes![0]!.set })).toEqual([])
  })

  it.each([
    ['sgd', 'momentum', 'key=value'],
    ['sgd', 'momentum=high', 'cannot be high'],
    ['sgd', 'momentum=1', 'cannot be 1'],
    ['sgd', 'nesterov=maybe,momentum=0.9', 'true or false'],
    ['sgd', 'nesterov=true', 'needs a momentum'],
    ['sgd', 'weight_decay=0.1', 'no weight_decay'],
    ['lion_32bit', 'momentum=0.9', 'no momentum'],
  ])('refuses optim_args that %s does not take: %s', (optim, optim_args, message) => {
    const [problem] = problemsOf({ optim, optim_args })
    expect(problem?.where.field).toBe('optim_args')
    expect(problem?.message).toContain(message)
    expect(problemsOf({ optim: 'sgd', optim_args: 'momentum=0.9, nesterov=True' })).toEqual([])
  })

  it('refuses a setting that its schedule does not take', () => {
    const [end] = problemsOf({ lr_scheduler_type: 'polynomial', lr_scheduler_kwargs: { lr_end: 1 } })
    expect(end).toMatchObject({ where: { field: 'lr_scheduler_kwargs' } })
    expect(end?.message).toContain('lr_end (1) must be below the learning rate')
    expect(problemsOf({ lr_scheduler_kwargs: { cycles: 2 } })[0]?.where.field).toBe('lr_scheduler_kwargs')
  })

  it('throws the first problem and counts the others', () => {
    const bad = { ...least, learning_rate: -1, seed: 'x' }
    expect(() => parseRunConfig(bad)).toThrow(UserError)
    expect(() => parseRunConfig(bad)).toThrow(/1 more: /)
    expect(() => parseRunConfig([])).toThrow(/JSON object/)
  })
})
