import { describe, expect, it } from 'vitest'
import type { ColumnProfile, DatasetVersion } from '../../../src/shared/domain/dataset'
import { DEFAULT_STARTER } from '../../../src/shared/domain/starters'
import { checkRunConfig } from '../../../src/shared/domain/runConfig'
import { recommend, type Situation } from '../../../src/main/services/recommend'

const column = (name: string, role: 'text' | 'label', more: Partial<ColumnProfile> = {}): ColumnProfile => ({
  name,
  type: role === 'label' ? 'category' : 'text',
  suggestedRole: role,
  suggestedBecause: '',
  empty: 0,
  distinct: 2,
  characters: null,
  words: { min: 1, median: 12, p95: 30, max: 60 },
  values: [],
  ...more,
})

const version = (train: number, validation = 100): DatasetVersion =>
  ({ rows: { train, validation, test: 0 } }) as DatasetVersion

const situation = (changes: Partial<Situation> = {}): Situation => ({
  model: { architecture: 'bert', config: { hidden_size: 128 } },
  version: version(14_400),
  profile: {
    columns: [
      column('definition', 'text'),
      column('field', 'label', {
        values: [
          { value: 'a', count: 60, bySplit: {} },
          { value: 'b', count: 10, bySplit: {} },
        ],
      }),
    ],
    duplicates: 0,
    warnings: [],
  },
  columns: {},
  task: 'sequence-classification',
  problem_type: null,
  ...changes,
})

const values = (changes: Partial<Situation> = {}) =>
  Object.fromEntries(Object.entries(recommend(situation(changes))).map(([name, { value }]) => [name, value]))

describe('recommend', () => {
  it('drops a last batch of one row where there is batch normalisation', () => {
    const cnn = { architecture: 'tunesmith-text-cnn', config: {} }
    expect(recommend(situation({ model: cnn, version: version(321) }))).toHaveProperty(
      'dataloader_drop_last.value',
      true,
    )
    expect(recommend(situation({ model: cnn, version: version(322) }))).not.toHaveProperty(
      'dataloader_drop_last',
    )
    expect(recommend(situation({ version: version(321) }))).not.toHaveProperty('dataloader_drop_last')
  })

  it('gives values that make a valid config, each with its reason', () => {
    for (const model of [situation().model, { starter: DEFAULT_STARTER }, null]) {
      const recommended = recommend(situation({ model }))
      const config = {
        task: 'sequence-classification',
        model: model ?? 'folder',
        dataset: { version: 'v' },
        ...values({ model }),
      }
      expect(checkRunConfig(config)).toHaveProperty('config')
      for (const { why } of Object.values(recommended)) expect(why).toMatch(/\.$/)
    }
  })

  it('takes larger steps from random weights, smaller ones the wider the model', () => {
    expect(values()).toMatchObject({ learning_rate: 1e-3, lr_scheduler_type: 'cosine', num_train_epochs: 5 })
    const wide = { architecture: 'bert', config: { hidden_size: 768 } }
    expect(values({ model: wide }).learning_rate).toBe(1e-4)
  })

  it('takes small steps and few epochs from pretrained weights, more epochs for few rows', () => {
    const model = '/models/minilm'
    expect(values({ model })).toMatchObject({ learning_rate: 3e-5, num_train_epochs: 3 })
    expect(values({ model, version: version(400) })).toMatchObject({
      learning_rate: 5e-5,
      num_train_epochs: 10,
    })
  })

  it('takes larger steps from the starter than from a large encoder', () => {
    const model = { starter: DEFAULT_STARTER }
    expect(values({ model })).toMatchObject({ learning_rate: 5e-4, num_train_epochs: 3 })
    expect(values({ model, version: version(200) })).toMatchObject({
      learning_rate: 5e-4,
      num_train_epochs: 20,
      per_device_train_batch_size: 16,
    })
  })

  it('looks at the data: lengths, balance, validation rows', () => {
    expect(values()).toMatchObject({ max_length: 64, class_weights: 'balanced', eval_strategy: 'epoch' })
    expect(values({ version: version(1_000, 0) })).not.toHaveProperty('eval_strategy')
    expect(values({ profile: null })).not.toHaveProperty('max_length')
  })
})

it('advises larger steps where only a small part of a pretrained model trains', () => {
  const rateOf = (more: Partial<Situation>) =>
    recommend(situation({ model: '/models/mini', ...more })).learning_rate!.value as number
  expect(rateOf({ trains: 'adapter' })).toBeGreaterThan(5 * rateOf({}))
  expect(rateOf({ trains: 'head' })).toBeGreaterThan(rateOf({ trains: 'adapter' }))
  expect(recommend(situation({ trains: 'head' }))).toEqual(recommend(situation()))
})
