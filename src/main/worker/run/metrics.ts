/** What an evaluation of one class a row tells, under the names that Transformers' examples and `evaluate` use. */
import type { EvalMetrics } from '../../../shared/domain/run'
import { accuracyOf, averageScores, confusionMatrix, matthewsCorrelationOf } from '../../metrics/confusion'

/** f1, precision and recall are macro averages; all figures equal scikit-learn's. */
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
