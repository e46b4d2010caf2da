/** Accuracy, precision, recall, F1 and Matthews correlation as metrics of the registry. */
import { z } from 'zod'
import { UserError } from '../../shared/errors'
import {
  accuracyOf,
  averageScores,
  confusionMatrix,
  matthewsCorrelationOf,
  perClassScores,
  type ClassScores,
} from './confusion'
import { labelPairs } from './inputs'
import { defineMetric, type MetricInput, type MetricResult } from './metric'

const NoParams = z.strictObject({})

const AverageParams = z.strictObject({
  /** auto: binary for two labels, macro for more. */
  average: z.enum(['auto', 'binary', 'micro', 'macro', 'weighted', 'none']).default('auto'),
  /** The positive label of a binary average; the larger of two numbers, else it must be named. */
  pos_label: z.string().nullable().default(null),
  zero_division: z.union([z.literal(0), z.literal(1)]).default(0),
})
type AverageParams = z.output<typeof AverageParams>

export const accuracy = defineMetric({
  id: 'accuracy',
  label: 'Accuracy',
  help: 'The share of rows whose label was predicted rightly.',
  direction: 'maximize',
  input: 'labels',
  params: NoParams,
  compute(input) {
    const { labels, references, predictions } = labelPairs(input)
    const value = accuracyOf(confusionMatrix(references, predictions, labels.length))
    return { value, values: { accuracy: value }, signature: 'accuracy', n: references.length }
  },
})

export const precision = defineMetric({
  id: 'precision',
  label: 'Precision',
  help: 'Of the rows predicted as a label, the share that really have it.',
  direction: 'maximize',
  input: 'labels',
  params: AverageParams,
  compute: (input, params) => averaged('precision', input, params),
})

export const recall = defineMetric({
  id: 'recall',
  label: 'Recall',
  help: 'Of the rows that have a label, the share that was found.',
  direction: 'maximize',
  input: 'labels',
  params: AverageParams,
  compute: (input, params) => averaged('recall', input, params),
})

export const f1 = defineMetric({
  id: 'f1',
  label: 'F1',
  help: 'The harmonic mean of precision and recall. Macro counts every label the same, however rare.',
  direction: 'maximize',
  input: 'labels',
  params: AverageParams,
  compute: (input, params) => averaged('f1', input, params),
})

export const mcc = defineMetric({
  id: 'mcc',
  label: 'Matthews correlation',
  help: 'Correlation of predictions and references: 1 is perfect, 0 no better than chance, whatever the balance.',
  direction: 'maximize',
  input: 'labels',
  params: NoParams,
  compute(input) {
    const { labels, references, predictions } = labelPairs(input)
    const value = matthewsCorrelationOf(confusionMatrix(references, predictions, labels.length))
    return { value, values: { matthews_correlation: value }, signature: 'mcc', n: references.length }
  },
})

export const confusion = defineMetric({
  id: 'confusion_matrix',
  label: 'Confusion matrix',
  help: 'How often rows of each label were taken for each other one; the figure to compare by is the share on the diagonal.',
  direction: 'maximize',
  input: 'labels',
  params: NoParams,
  compute(input) {
    const { labels, references, predictions } = labelPairs(input)
    const matrix = confusionMatrix(references, predictions, labels.length)
    const cells = labels.flatMap((reference, r) =>
      labels.map((prediction, p) => [`${reference} as ${prediction}`, matrix[r]![p]!] as const),
    )
    return {
      value: accuracyOf(matrix),
      values: Object.fromEntries(cells),
      signature: 'confusion_matrix|rows:references',
      n: references.length,
    }
  },
})

function averaged(key: keyof ClassScores, input: MetricInput, params: AverageParams): MetricResult {
  const { labels, references, predictions } = labelPairs(input)
  const matrix = confusionMatrix(references, predictions, labels.length)
  const perClass = perClassScores(matrix, params.zero_division)
  const values: Record<string, number> = {}
  for (const average of ['micro', 'macro', 'weighted'] as const) {
    values[`${key}_${average}`] = averageScores(matrix, average, 'seen', params.zero_division)[key]
  }
  labels.forEach((label, c) => (values[`${key}[${label}]`] = perClass[c]![key]))
  const positive = positiveLabel(labels, params)
  if (positive !== null)
    values[`${key}_binary`] = positive < 0 ? params.zero_division : perClass[positive]![key]
  const average = params.average === 'auto' ? (positive === null ? 'macro' : 'binary') : params.average
  return {
    value: average === 'none' ? NaN : values[`${key}_${average}`]!,
    values,
    signature: [
      key,
      `average:${average}`,
      ...(average === 'binary' ? [`pos:${params.pos_label ?? labels[positive!] ?? '1'}`] : ['labels:seen']),
      `zero_division:${params.zero_division}`,
    ].join('|'),
    n: references.length,
  }
}

/** Its index, -1 if it is named but does not occur, null if no binary average was asked for or is possible. */
function positiveLabel(labels: readonly string[], params: AverageParams): number | null {
  if (params.average !== 'auto' && params.average !== 'binary') return null
  if (params.pos_label !== null) return labels.indexOf(params.pos_label)
  const areZeroAndOne = labels.every((label) => label === '0' || label === '1')
  if (labels.length <= 2 && areZeroAndOne) return labels.indexOf('1')
  if (params.average === 'auto') return null
  throw new UserError(
    'bad-config',
    labels.length > 2
      ? `A binary average needs two labels; there are ${labels.length}.`
      : 'A binary average needs to know which label is the positive one.',
    { where: { field: labels.length > 2 ? 'average' : 'pos_label' }, hint: 'Or use the average "macro".' },
  )
}
