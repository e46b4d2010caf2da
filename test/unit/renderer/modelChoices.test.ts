import { describe, expect, it } from 'vitest'
import { modelChoices } from '../../../src/renderer/src/form/modelChoices'
import { fieldOf } from '../../../src/renderer/src/form/fields'
import { AugmentGates } from '../../../src/shared/domain/augmentation'
import type { RunSummary } from '../../../src/shared/domain/run'

const run = (number: number, problem: RunSummary['problem'], state: RunSummary['state'] = 'completed') =>
  ({ number, problem, state }) as RunSummary
const runs = [
  run(4, 'single-label'),
  run(3, 'masked-lm'),
  run(2, 'regression', 'stopped'),
  run(1, 'single-label', 'failed'),
]

describe('models offered for a setting', () => {
  it('are starters and finished runs of its kind', () => {
    expect(modelChoices('masked-lm', runs)).toEqual(['starter-2x256', '#3'])
    expect(modelChoices('classifier', runs)).toEqual(['#4'])
    expect(modelChoices('encoder', runs)).toEqual(['starter-2x256', '#4', '#3', '#2'])
    expect(modelChoices('seq2seq-lm', runs)).toEqual([])
  })

  it('are known by the schema of the setting', () => {
    const fields = Object.entries(AugmentGates.shape).map(([name, schema]) => fieldOf(name, schema))
    expect(fields.filter(({ model }) => model).map(({ name, model }) => [name, model])).toEqual([
      ['same_label', 'classifier'],
      ['similarity_model', 'encoder'],
      ['language_model', 'masked-lm'],
    ])
    expect(fields.every(({ help }) => help.endsWith('.'))).toBe(true)
  })
})
