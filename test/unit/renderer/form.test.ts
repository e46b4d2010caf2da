import { describe, expect, it } from 'vitest'
import { controlOf, parseTyped } from '../../../src/renderer/src/form/controls'
import { readDraft, writeDraft, type Draft } from '../../../src/renderer/src/form/draft'
import { fieldNamed, FORM_FIELDS, isSame } from '../../../src/renderer/src/form/fields'
import {
  ENCODER_PRESETS,
  encoderConfig,
  encoderParameters,
  presetOf,
} from '../../../src/renderer/src/form/presets'
import { stepsPerEpoch, totalSteps } from '../../../src/renderer/src/form/steps'
import { columnRoles, modelSource, NO_COLUMNS, startingPoint } from '../../../src/renderer/src/form/subject'
import { TRAINING_ARGUMENTS } from '../../../src/shared/domain/trainingArguments'

describe('controls', () => {
  it('are read off the schema', () => {
    const control = (name: keyof typeof TRAINING_ARGUMENTS) => controlOf(TRAINING_ARGUMENTS[name].schema)
    expect(control('eval_on_start')).toEqual({ kind: 'switch' })
    expect(control('learning_rate')).toEqual({ kind: 'number', isInteger: false, isNullable: false })
    expect(control('eval_steps')).toEqual({ kind: 'number', isInteger: false, isNullable: true })
    expect(control('max_steps')).toEqual({ kind: 'number', isInteger: true, isNullable: false })
    expect(control('run_name')).toEqual({ kind: 'text', isNullable: true })
    expect(control('eval_strategy')).toEqual({ kind: 'choice', options: ['no', 'steps', 'epoch'] })
    expect(control('greater_is_better')).toEqual({ kind: 'choice', options: [null, true, false] })
    expect(control('class_weights')).toEqual({ kind: 'choice', options: [null, 'balanced'] })
    expect(control('lr_scheduler_kwargs')).toEqual({ kind: 'json' })
  })

  it('exist for every training argument, each with a help', () => {
    const names = FORM_FIELDS.map((field) => field.name)
    expect(names).toEqual(expect.arrayContaining(Object.keys(TRAINING_ARGUMENTS)))
    expect(new Set(names).size).toBe(names.length)
    expect(FORM_FIELDS.filter((field) => field.help === '')).toEqual([])
  })

  it('parse what is typed, and keep what means nothing for the check to name', () => {
    const number = { kind: 'number', isInteger: false, isNullable: true } as const
    expect(['1e-3', ' 32 ', '14,399', '−1', '', '12abc'].map((text) => parseTyped(number, text))).toEqual([
      0.001,
      32,
      14399,
      -1,
      null,
      '12abc',
    ])
    expect(parseTyped({ ...number, isNullable: false }, '')).toBe('')
    expect(parseTyped({ kind: 'json' }, '{"num_cycles": 2}')).toEqual({ num_cycles: 2 })
    expect(parseTyped({ kind: 'json' }, '{"num')).toBe('{"num')
    expect(parseTyped({ kind: 'text', isNullable: true }, '  ')).toBeNull()
  })

  it('compare values, not objects', () => {
    expect(isSame({ a: 1 }, { a: 1 })).toBe(true)
    expect(isSame(null, undefined)).toBe(true)
    expect(isSame(1, 2)).toBe(false)
    expect(fieldNamed('hidden_dropout_prob')?.isOverride).toBe(true)
  })
})

describe('the starting point', () => {
  it('round-trips presets, folders and other shapes', () => {
    for (const preset of ENCODER_PRESETS)
      expect(startingPoint(modelSource({ kind: 'random', preset }))).toEqual({ kind: 'random', preset })
    expect(startingPoint('/models/mini')).toEqual({ kind: 'folder', path: '/models/mini' })
    expect(modelSource(startingPoint({ starter: 'one' }))).toEqual({ starter: 'one' })
    const odd = { architecture: 'bert', config: { num_hidden_layers: 3, hidden_size: 96 } }
    expect(modelSource(startingPoint(odd))).toEqual(odd)
  })

  it('counts parameters as a BERT encoder has them', () => {
    const [small] = ENCODER_PRESETS
    // Embeddings (8000 + 512 + 2) × 128 and their norm, two layers, pooler.
    expect(encoderParameters(small, 8000)).toBe(8514 * 128 + 256 + 2 * 198_272 + 16_512)
    expect(presetOf(encoderConfig(small))).toEqual(small)
  })

  it('names only the columns that have a role', () => {
    expect(columnRoles({ ...NO_COLUMNS, text: 'a', label: 'b' })).toEqual({ text: 'a', label: 'b' })
  })
})

describe('steps', () => {
  const settings = {
    num_train_epochs: 3,
    max_steps: -1,
    per_device_train_batch_size: 32,
    gradient_accumulation_steps: 1,
    dataloader_drop_last: false,
  }

  it('are counted as the Trainer counts them', () => {
    expect(totalSteps(14_399, settings)).toBe(1350)
    expect(stepsPerEpoch(33, settings)).toBe(2)
    expect(stepsPerEpoch(33, { ...settings, dataloader_drop_last: true })).toBe(1)
    expect(stepsPerEpoch(100, { ...settings, gradient_accumulation_steps: 3 })).toBe(2)
    expect(totalSteps(33, { ...settings, num_train_epochs: 0.5 })).toBe(1)
    expect(totalSteps(33, { ...settings, max_steps: 7 })).toBe(7)
  })
})

describe('the draft of a run', () => {
  const storage = (text: string | null): Storage =>
    ({ getItem: () => text, setItem: (_: string, value: string) => (text = value) }) as unknown as Storage
  const draft: Draft = {
    version: 'v1',
    task: 'sequence-classification',
    problemType: 'regression',
    columns: { ...NO_COLUMNS, text: 'a', label: 'b' },
    start: { kind: 'random', preset: ENCODER_PRESETS[1] },
    edits: { learning_rate: 1e-4 },
    overrides: {},
    usesRecommended: true,
  }

  it('survives a restart', () => {
    const place = storage(null)
    writeDraft(place, draft)
    expect(readDraft(place)).toEqual(draft)
  })

  it('is forgotten where it does not parse', () => {
    expect([null, '', '{', '{"version": 3}'].map((text) => readDraft(storage(text)))).toEqual([
      null,
      null,
      null,
      null,
    ])
  })
})
