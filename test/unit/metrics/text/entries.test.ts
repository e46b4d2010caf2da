import { describe, expect, it } from 'vitest'
import type { MetricInput, MetricResult } from '../../../../src/main/metrics/metric'
import { findMetric } from '../../../../src/main/metrics/registry'

function compute(id: string, input: MetricInput, params: object = {}): MetricResult {
  const metric = findMetric(id)
  return metric.compute(input, metric.params.parse(params))
}

const translation: MetricInput = {
  predictions: ['The cat sat on the mat.', 'It is a guide to action.', "There's 3.5% less rain, they say."],
  references: [
    'The cat is on the mat.',
    'It is a guide to action which ensures...',
    "They say there's 3.5% less rain.",
  ],
}

describe('text and tagging metrics in the registry', () => {
  it('BLEU carries sacreBLEU’s signature', () => {
    const { value, values, signature, n } = compute('bleu', translation)
    expect(value).toBeCloseTo(47.15393126110588, 9)
    expect(values).toMatchObject({ bleu: value, sys_len: 23, ref_len: 26, precision_2: 60 })
    expect(signature).toBe('BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0')
    expect(n).toBe(3)
  })

  it('sentence BLEU is a mean of rows and says so', () => {
    const { value, signature } = compute('bleu', translation, { sentence_level: true })
    expect(value).toBeCloseTo((48.892302243490086 + 47.486944442513455 + 33.03164318013809) / 3, 9)
    expect(signature).toContain('eff:yes')
    expect(signature).toContain('agg:sentence-mean')
  })

  it('takes several references a row', () => {
    const input = { predictions: ['a b c d'], references: [['a b c', 'a b c d']] }
    expect(compute('bleu', input).value).toBeCloseTo(100, 9)
    expect(compute('chrf', input, { word_order: 2 })).toMatchObject({
      value: 100,
      signature: 'chrF2++|nrefs:2|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0',
    })
    expect(compute('ter', input)).toMatchObject({ value: 0, n: 1 })
    expect(compute('exact_match', input).value).toBe(1)
  })

  it('ROUGE gives every type', () => {
    const { value, values } = compute('rouge', {
      predictions: ['the cat was on the mat', 'x'],
      references: ['the cat sat on the mat', 'y'],
    })
    expect(values['rouge1']).toBeCloseTo(5 / 6 / 2, 12)
    expect(values['rougeLsum_recall']).toBeCloseTo(5 / 6 / 2, 12)
    expect(value).toBe(values['rougeL'])
  })

  it('seqeval has the figures of evaluate', () => {
    const input = { references: [['B-PER', 'I-PER', 'O']], predictions: [['I-PER', 'I-PER', 'O']] }
    expect(compute('seqeval', input)).toMatchObject({ value: 1, values: { overall_f1: 1, 'number[PER]': 1 } })
    const strict = compute('seqeval', input, { mode: 'strict' })
    expect(strict.value).toBe(0)
    expect(strict.signature).toBe('seqeval|average:micro|mode:strict|scheme:IOB2|version:seqeval-1.2.2')
  })

  it('names the row that is not a text', () => {
    expect(() => compute('rouge', { predictions: ['a', 3], references: ['a', 'b'] })).toThrow(
      'The prediction is not a text: 3.',
    )
  })
})
