/** Classification, score and regression metrics against scikit-learn's and SciPy's golden values. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { reliabilityBins } from '../../../src/main/metrics/calibration'
import { accuracyOf, averageScores, confusionMatrix } from '../../../src/main/metrics/confusion'
import { matthewsCorrelationOf, perClassScores } from '../../../src/main/metrics/confusion'
import type { ClassScores, PerClassScores } from '../../../src/main/metrics/confusion'
import { bitsPerByteOf, perplexityOf } from '../../../src/main/metrics/perplexity'
import { findMetric, METRICS } from '../../../src/main/metrics/registry'
import { averagePrecisionOf, logLossOf, rocAucOf } from '../../../src/main/metrics/scored'
import { meanAbsoluteError, meanSquaredError, pearsonOf } from '../../../src/main/metrics/regression'
import { r2Of, spearmanOf } from '../../../src/main/metrics/regression'

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../golden/metrics/${name}.json`), 'utf8'))

type Averages = Record<'micro' | 'macro' | 'weighted', ClassScores>
interface LabelCase {
  name: string
  num_labels: number
  references: number[]
  predictions: number[]
  accuracy: number
  matthews_correlation: number
  confusion_matrix: number[][]
  per_class: PerClassScores[]
  over_all_labels: Averages
  over_present_labels: Averages
  binary?: ClassScores
}
interface ScoredCase {
  name: string
  num_labels: number
  references: number[]
  scores: number[][]
  log_loss: number
  roc_auc?: number
  average_precision?: number
  average_precision_ovr_macro?: number
  ece: number
  reliability: { rows: number; accuracy: number; confidence: number }[]
  roc_auc_ovr_macro?: number
}
interface NumberCase {
  name: string
  references: number[]
  predictions: number[]
  mse: number
  rmse: number
  mae: number
  r2: number | null
  pearson: number | null
  spearman: number | null
}

const { cases, scored } = golden('classification') as { cases: LabelCase[]; scored: ScoredCase[] }

function expectScores(actual: ClassScores, expected: ClassScores): void {
  for (const key of ['precision', 'recall', 'f1'] as const)
    expect(actual[key], key).toBeCloseTo(expected[key], 12)
}

describe.each(cases.map((c) => [c.name, c] as const))('%s', (_, c) => {
  const matrix = confusionMatrix(c.references, c.predictions, c.num_labels)

  test('matrix, accuracy, Matthews correlation, per class', () => {
    expect(matrix.map((row) => [...row])).toEqual(c.confusion_matrix)
    expect(accuracyOf(matrix)).toBeCloseTo(c.accuracy, 12)
    expect(matthewsCorrelationOf(matrix)).toBeCloseTo(c.matthews_correlation, 12)
    perClassScores(matrix).forEach((scores, i) => {
      expectScores(scores, c.per_class[i]!)
      expect(scores.support).toBe(c.per_class[i]!.support)
    })
  })

  test.each(['micro', 'macro', 'weighted'] as const)('%s', (average) => {
    expectScores(averageScores(matrix, average, 'all'), c.over_all_labels[average])
    expectScores(averageScores(matrix, average, 'seen'), c.over_present_labels[average])
  })

  test('through the registry', () => {
    const input = { references: c.references, predictions: c.predictions }
    for (const key of ['precision', 'recall', 'f1'] as const) {
      const result = findMetric(key).compute(input, { average: 'macro', pos_label: null, zero_division: 0 })
      expect(result.value).toBeCloseTo(c.over_present_labels.macro[key], 12)
      expect(result.values[`${key}_weighted`]).toBeCloseTo(c.over_present_labels.weighted[key], 12)
      if (c.binary) {
        const binary = findMetric(key).compute(input, { average: 'binary', pos_label: '1', zero_division: 0 })
        expect(binary.value).toBeCloseTo(c.binary[key], 12)
      }
    }
    expect(findMetric('mcc').compute(input, {}).value).toBeCloseTo(c.matthews_correlation, 12)
    expect(findMetric('accuracy').compute(input, {}).n).toBe(c.references.length)
  })
})

test.each(scored.map((c) => [c.name, c] as const))('scores: %s', (_, c) => {
  expect(logLossOf(c.references, c.scores)).toBeCloseTo(c.log_loss, 10)
  const isPositive = c.references.map((label) => label === 1)
  const positiveScores = c.scores.map((row) => row[1]!)
  if (c.roc_auc !== undefined) expect(rocAucOf(isPositive, positiveScores)).toBeCloseTo(c.roc_auc, 12)
  if (c.average_precision !== undefined) {
    expect(averagePrecisionOf(isPositive, positiveScores)).toBeCloseTo(c.average_precision, 12)
  }
  const input = { references: c.references, predictions: c.scores }
  const expected = c.roc_auc ?? c.roc_auc_ovr_macro
  if (expected !== undefined) expect(findMetric('roc_auc').compute(input, {}).value).toBeCloseTo(expected, 12)
  const precision = c.average_precision ?? c.average_precision_ovr_macro
  if (precision !== undefined)
    expect(findMetric('average_precision').compute(input, {}).value).toBeCloseTo(precision, 12)
  const bins = reliabilityBins(c.references, c.scores, 15)
  expect(bins.map(({ rows }) => rows)).toEqual(c.reliability.map(({ rows }) => rows))
  bins.forEach(({ accuracy, confidence }, i) => {
    expect(accuracy).toBeCloseTo(c.reliability[i]!.accuracy, 12)
    expect(confidence).toBeCloseTo(c.reliability[i]!.confidence, 12)
  })
  expect(findMetric('ece').compute(input, { bins: 15 }).value).toBeCloseTo(c.ece, 12)
  expect(findMetric('log_loss').compute(input, {}).value).toBeCloseTo(c.log_loss, 10)
})

test.each((golden('regression') as { cases: NumberCase[] }).cases.map((c) => [c.name, c] as const))(
  'numbers: %s',
  (_, c) => {
    const close = (actual: number, expected: number | null) => {
      if (expected === null) expect(actual).toBeNaN()
      else expect(actual).toBeCloseTo(expected, 10)
    }
    close(meanSquaredError(c.references, c.predictions), c.mse)
    close(meanAbsoluteError(c.references, c.predictions), c.mae)
    close(r2Of(c.references, c.predictions), c.r2)
    close(pearsonOf(c.references, c.predictions), c.pearson)
    close(spearmanOf(c.references, c.predictions), c.spearman)
    close(findMetric('rmse').compute(c, {}).value, c.rmse)
  },
)

test('perplexity weighs by tokens', () => {
  expect(
    perplexityOf([
      { lossNats: 2, tokens: 1 },
      { lossNats: 3, tokens: 4 },
    ]),
  ).toBeCloseTo(Math.E, 12)
  expect(bitsPerByteOf(8 * Math.LN2, 4)).toBeCloseTo(2, 12)
})

describe('bad input', () => {
  test('another number of lines', () => {
    const compute = () => findMetric('accuracy').compute({ predictions: ['a'], references: ['a', 'b'] }, {})
    expect(compute).toThrow('There are 1 predictions for 2 references.')
  })
  test('no lines', () => {
    expect(() => findMetric('accuracy').compute({ predictions: [], references: [] }, {})).toThrow(
      'no rows to score',
    )
  })
  test('a binary average of three labels', () => {
    const input = { predictions: ['a', 'b', 'c'], references: ['a', 'b', 'c'] }
    const compute = () =>
      findMetric('f1').compute(input, { average: 'binary', pos_label: null, zero_division: 0 })
    expect(compute).toThrow('A binary average needs two labels; there are 3.')
  })
  test('an unknown metric', () => {
    expect(() => findMetric('acuracy')).toThrow('There is no metric "acuracy".')
  })
  test('a text where a number belongs, with its row', () => {
    const compute = () => findMetric('mse').compute({ predictions: [1, 'x'], references: [1, 2] }, {})
    expect(compute).toThrow(expect.objectContaining({ where: { row: 2, field: 'prediction' } }))
  })
})

test('every entry is complete, and its defaults survive JSON', () => {
  expect(new Set(METRICS.map(({ id }) => id)).size).toBe(METRICS.length)
  for (const metric of METRICS) {
    expect(metric.id).toMatch(/^[a-z][a-z0-9_]*$/)
    expect(metric.label.length).toBeGreaterThan(1)
    expect(metric.help).toMatch(/\.$/)
    const defaults: unknown = metric.params.parse({})
    expect(JSON.parse(JSON.stringify(defaults))).toEqual(defaults)
    expect(metric.params.safeParse({ unknown: 1 }).success).toBe(false)
  }
})

describe('metrics on files', () => {
  test('tells perplexity, weighted by tokens, with bits per byte, and pseudo-perplexity by that name', () => {
    const metric = findMetric('perplexity')
    const input = { predictions: [[-1, -2, -3], [-4]], references: ['abc', 'é'] }
    const result = metric.compute(input, metric.params.parse({}))
    expect(result.value).toBeCloseTo(Math.exp(2.5), 12)
    expect(result.n).toBe(4)
    expect(result.values.bits_per_byte).toBeCloseTo(10 / Math.LN2 / 5, 12)
    const pseudo = metric.compute(input, metric.params.parse({ kind: 'pseudo' }))
    expect(pseudo.values.pseudo_perplexity).toBe(result.value)
    expect(pseudo.signature).toBe('pseudo_perplexity|weighted:tokens|log:e')
    expect(() => metric.compute({ ...input, predictions: [[-1], [0.5]] }, metric.params.parse({}))).toThrow(
      'log-probabilities',
    )
  })

  test('tells the confusion matrix', () => {
    const metric = findMetric('confusion_matrix')
    const { value, values } = metric.compute(
      { predictions: ['a', 'b', 'b'], references: ['a', 'a', 'b'] },
      metric.params.parse({}),
    )
    expect(value).toBeCloseTo(2 / 3, 12)
    expect(values).toEqual({ 'a as a': 1, 'a as b': 1, 'b as a': 0, 'b as b': 1 })
  })
})
