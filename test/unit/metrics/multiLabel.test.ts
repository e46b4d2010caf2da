import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { multiLabelF1, multiLabelScores } from '../../../src/main/metrics/multiLabel'

interface Golden {
  cases: {
    name: string
    references: number[][]
    predictions: number[][]
    subset_accuracy: number
    micro: { precision: number; recall: number; f1: number }
    macro: { f1: number }
  }[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../golden/metrics/multilabel.json', import.meta.url), 'utf8'),
) as Golden

describe('several labels a row', () => {
  it.each(cases)('are judged as scikit-learn does: $name', ({ references, predictions, ...expected }) => {
    const scores = multiLabelScores(references.flat(), predictions.flat(), references[0]!.length)
    expect(scores.subset_accuracy).toBeCloseTo(expected.subset_accuracy, 12)
    expect(scores.f1_micro).toBeCloseTo(expected.micro.f1, 12)
    expect(scores.f1_macro).toBeCloseTo(expected.macro.f1, 12)
    expect(scores.precision_micro).toBeCloseTo(expected.micro.precision, 12)
    expect(scores.recall_micro).toBeCloseTo(expected.micro.recall, 12)
  })

  it('are scored from lists of names, and refused where a row is no list', () => {
    const result = multiLabelF1.compute({ predictions: [['a'], ['a', 'b']], references: [['a'], ['b']] }, {})
    expect([result.value, result.values['subset_accuracy'], result.n]).toEqual([0.8, 0.5, 2])
    expect(() => multiLabelF1.compute({ predictions: ['a'], references: [['a']] }, {})).toThrow(/not a list/)
  })
})
