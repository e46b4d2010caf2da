/** What an evaluation of a classifier tells, under the names that Transformers' examples and `evaluate` use. */
import type { EvalMetrics, Prediction } from '../../../shared/domain/run'
import { accuracyOf, averageScores, confusionMatrix, matthewsCorrelationOf } from '../../metrics/confusion'

/** f1, precision and recall are macro averages. logits [N,C]; all figures equal scikit-learn's. */
export function classificationMetrics(
  logits: Float32Array,
  labels: Int32Array,
  classes: number,
): EvalMetrics {
  return labelMetrics(predictedClasses(logits, classes), labels, classes)
}

export function labelMetrics(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): EvalMetrics {
  const matrix = confusionMatrix(labels, predicted, classes)
  const { f1, precision, recall } = averageScores(matrix, 'macro')
  return {
    accuracy: accuracyOf(matrix),
    f1,
    precision,
    recall,
    matthews_correlation: matthewsCorrelationOf(matrix),
  }
}

/** The class of the largest logit of each row; the first where several are equal. */
export function predictedClasses(logits: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, row) => {
    let best = 0
    for (let c = 1; c < classes; c++) if (logits[row * classes + c]! > logits[row * classes + best]!) best = c
    return best
  })
}

export interface PredictedRow {
  text: string
  text_pair?: string
  reference?: string
}

/** Probabilities are the softmax of the logits, in float64. */
export function toPredictions(
  rows: readonly PredictedRow[],
  logits: Float32Array,
  labels: readonly string[],
): Prediction[] {
  const classes = labels.length
  const predicted = predictedClasses(logits, classes)
  return rows.map((row, i) => {
    const scores = softmax(logits.subarray(i * classes, (i + 1) * classes))
    return {
      ...row,
      label: labels[predicted[i]!]!,
      scores: Object.fromEntries(labels.map((label, c) => [label, scores[c]!])),
    }
  })
}

function softmax(logits: Float32Array): number[] {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = Array.from(logits, (value) => Math.exp(value - largest))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((value) => value / sum)
}
