import { describe, expect, it } from 'vitest'
import { ColumnTally } from '../../../src/main/data/columnTally'
import { completeRoles, suggestRoles } from '../../../src/main/data/roles'
import { checkRunConfig } from '../../../src/shared/domain/runConfig'
import { bestIsGreater } from '../../../src/shared/domain/runConfigRules'
import { guessTask, problemOf, problemOfModel } from '../../../src/shared/domain/tasks'
import type { CellValue } from '../../../src/shared/domain/dataset'

function columnsOf(columns: Record<string, CellValue[]>) {
  const tallies = Object.entries(columns).map(([name, values]) => {
    const tally = new ColumnTally(name)
    for (const value of values) tally.add(value, 'train')
    return tally.profile()
  })
  return suggestRoles(tallies)
}

const many = (make: (i: number) => CellValue) => Array.from({ length: 60 }, (_, i) => make(i))
const text = many((i) => `a text with some words number ${i}`)

describe('the task that columns suggest', () => {
  it.each([
    [
      'tagged tokens',
      { tokens: many(() => ['a', 'b']), ner_tags: many(() => ['O', 'O']) },
      'token-classification',
    ],
    ['several labels', { text, labels: many((i) => (i % 2 ? ['x'] : ['x', 'y'])) }, 'multi-label'],
    ['a number', { text, score: many((i) => i / 7) }, 'regression'],
    ['a class', { text, label: many((i) => (i % 2 ? 'good' : 'bad')) }, 'single-label'],
    ['a small whole number is a class', { text, rating: many((i) => 1 + (i % 5)) }, 'single-label'],
    ['text alone', { text: many((i) => (i % 2 ? 'a rose' : 'a sky')) }, 'masked-lm'],
  ] as const)('%s', (_, columns, problem) => {
    expect(problemOf(guessTask(columnsOf(columns)))).toBe(problem)
  })

  it('names only columns of the task, given ones first', () => {
    const columns = columnsOf({ text, label: many((i) => (i % 2 ? 'a' : 'b')), other: text })
    expect(completeRoles({}, columns, 'masked-lm')).toEqual({ text: 'text' })
    expect(completeRoles({ text: 'other' }, columns, 'sequence-classification')).toEqual({
      text: 'other',
      label: 'label',
    })
  })

  it('counts the items of lists', () => {
    const [labels] = columnsOf({ labels: many((i) => (i % 2 ? ['x'] : ['x', 'y'])) })
    expect(labels).toMatchObject({ type: 'list', distinct: 2, words: { min: 1, max: 2 } })
    expect(labels!.values.map(({ value, count }) => [value, count])).toEqual([
      ['x', 60],
      ['y', 30],
    ])
  })
})

describe('a run config of a task', () => {
  const run = (more: object) =>
    checkRunConfig({ model: 'folder', dataset: { train: 'a.jsonl' }, task: 'masked-lm', ...more })
  const fields = (more: object) => {
    const checked = run(more)
    return 'problems' in checked ? checked.problems.map(({ where }) => where.field) : []
  }

  it('refuses what means nothing for it', () => {
    expect(fields({ class_weights: 'balanced' })).toEqual(['class_weights'])
    expect(fields({ problem_type: 'regression' })).toEqual(['problem_type'])
    expect(fields({ columns: { text: 'a', label: 'b' } })).toEqual(['columns.label'])
    expect(fields({ task: 'token-classification', mlm_probability: 0.2 })).toEqual(['mlm_probability'])
    expect(fields({ task: 'token-classification', columns: { tokens: 'a', tags: 'b' } })).toEqual([])
    expect(fields({ mlm_probability: 0.4, whole_word: true })).toEqual([])
  })

  it('knows that less error is better', () => {
    const best = (metric_for_best_model: string) =>
      bestIsGreater({ metric_for_best_model, greater_is_better: null })
    expect(['eval_loss', 'mse', 'pseudo_perplexity', 'r2', 'f1'].map(best)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ])
  })

  it('is told from a saved config', () => {
    const of = (name: string, problem_type?: string) =>
      problemOfModel({ architectures: [name], problem_type })
    expect(of('BertForTokenClassification')).toBe('token-classification')
    expect(of('RobertaForMaskedLM')).toBe('masked-lm')
    expect(of('BertForSequenceClassification', 'regression')).toBe('regression')
    expect(of('BertForSequenceClassification')).toBe('single-label')
  })
})
