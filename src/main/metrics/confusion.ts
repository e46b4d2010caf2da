/** Classification from the confusion matrix. Equal to scikit-learn 1.9, definitions there. */

/** [references][predictions]: how often a row of one class was taken for another. */
export type ConfusionMatrix = readonly Float64Array[]

export interface ClassScores {
  precision: number
  recall: number
  f1: number
}

export interface PerClassScores extends ClassScores {
  /** Rows of the class among the references. */
  support: number
}

export type Average = 'micro' | 'macro' | 'weighted'

/** @param references, predictions class indices below `classes`, a row each */
export function confusionMatrix(
  references: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  const matrix = Array.from({ length: classes }, () => new Float64Array(classes))
  for (let row = 0; row < references.length; row++) matrix[references[row]!]![predictions[row]!]!++
  return matrix
}

/** Share of rows on the diagonal. */
export function accuracyOf(matrix: ConfusionMatrix): number {
  let right = 0
  let all = 0
  matrix.forEach((row, c) => {
    right += row[c]!
    all += sum(row)
  })
  return right / all
}

/** @param zeroDivision what a figure with nothing to divide by counts as */
export function perClassScores(matrix: ConfusionMatrix, zeroDivision = 0): PerClassScores[] {
  return matrix.map((row, c) => {
    const support = sum(row)
    const predicted = matrix.reduce((total, other) => total + other[c]!, 0)
    return { ...scores(row[c]!, predicted, support, zeroDivision), support }
  })
}

/**
 * @param over 'seen' averages over the classes that occur in references or predictions (the default of scikit-learn
 * and of `evaluate`), 'all' over every class the model knows
 */
export function averageScores(
  matrix: ConfusionMatrix,
  average: Average,
  over: 'seen' | 'all' = 'seen',
  zeroDivision = 0,
): ClassScores {
  const perClass = perClassScores(matrix, zeroDivision)
  const predicted = (c: number) => matrix.reduce((total, other) => total + other[c]!, 0)
  const classes = matrix
    .map((_, c) => c)
    .filter((c) => over === 'all' || perClass[c]!.support + predicted(c) > 0)
  if (average === 'micro') {
    let right = 0
    let all = 0
    let allPredicted = 0
    for (const c of classes) {
      right += matrix[c]![c]!
      all += perClass[c]!.support
      allPredicted += predicted(c)
    }
    return scores(right, allPredicted, all, zeroDivision)
  }
  const weights = classes.map((c) => (average === 'macro' ? 1 : perClass[c]!.support))
  const total = weights.reduce((a, b) => a + b, 0)
  const mean = (key: keyof ClassScores) =>
    total === 0
      ? zeroDivision
      : classes.reduce((all, c, i) => all + perClass[c]![key] * weights[i]!, 0) / total
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') }
}

/** Matthews correlation, for any number of classes (Gorodkin 2004). 0 where a side has one class only. */
export function matthewsCorrelationOf(matrix: ConfusionMatrix): number {
  const support = matrix.map(sum)
  const predicted = matrix.map((_, c) => matrix.reduce((total, row) => total + row[c]!, 0))
  const n = support.reduce((a, b) => a + b, 0)
  const right = matrix.reduce((total, row, c) => total + row[c]!, 0)
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((total, x, i) => total + x * b[i]!, 0)
  const covariance = right * n - dot(support, predicted)
  const spread = (n * n - dot(predicted, predicted)) * (n * n - dot(support, support))
  return spread === 0 ? 0 : covariance / Math.sqrt(spread)
}

/** From counts: rows rightly taken for the class, all that were taken for it, all that are of it. */
export function scores(right: number, predicted: number, support: number, zeroDivision = 0): ClassScores {
  return {
    precision: predicted > 0 ? right / predicted : zeroDivision,
    recall: support > 0 ? right / support : zeroDivision,
    f1: predicted + support > 0 ? (2 * right) / (predicted + support) : zeroDivision,
  }
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0)
}
