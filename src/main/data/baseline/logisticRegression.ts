/**
 * Multinomial logistic regression with an L2 penalty on sparse rows, as scikit-learn's LogisticRegression minimizes it
 * (mean cross-entropy + |w|² / 2Cn, the intercept not penalized), by L-BFGS. Weights lie word by word, all classes of a
 * word together, so that a row touches memory in short runs.
 */
import { invariant } from '../../../shared/errors'
import { minimize } from './lbfgs'

/** Sparse rows (CSR): row r has the columns and values from starts[r] to starts[r + 1]. */
export interface SparseMatrix {
  rows: number
  columns: number
  starts: Int32Array
  indices: Int32Array
  values: Float64Array
}

export interface LinearClassifier {
  classes: number
  columns: number
  /** [columns + 1, classes], the intercepts last. */
  weights: Float64Array
}

export interface FitOptions {
  /** Inverse strength of the penalty; default 10, which suits TF-IDF rows of short texts better than 1. */
  C?: number
  /** Largest entry of the gradient to stop at; default 1e-3: scikit-learn's 1e-4 takes twice as long for no more. */
  tolerance?: number
  maxIterations?: number
  /** Called between iterations; may throw to stop. */
  breathe?: () => Promise<void>
}

/** @param labels class of each row */
export async function fitLogisticRegression(
  x: SparseMatrix,
  labels: ArrayLike<number>,
  classes: number,
  options: FitOptions = {},
): Promise<LinearClassifier> {
  invariant(x.rows > 0, 'a classifier needs rows')
  const penalty = 1 / ((options.C ?? 10) * x.rows)
  const weights = new Float64Array((x.columns + 1) * classes)
  const scores = new Float64Array(classes)
  const objective = (w: Float64Array, gradient: Float64Array) =>
    lossAndGradient(x, labels, classes, penalty, w, scores, gradient)
  await minimize(objective, weights, {
    tolerance: options.tolerance ?? 1e-3,
    maxIterations: options.maxIterations ?? 200,
    breathe: options.breathe ?? (() => Promise.resolve()),
  })
  return { classes, columns: x.columns, weights }
}

/** The most probable class of each row. */
export function predictClasses({ classes, weights }: LinearClassifier, x: SparseMatrix): Int32Array {
  const scores = new Float64Array(classes)
  return Int32Array.from({ length: x.rows }, (_, row) => {
    scoreRow(x, row, classes, weights, scores)
    return scores.indexOf(Math.max(...scores))
  })
}

function scoreRow(
  x: SparseMatrix,
  row: number,
  classes: number,
  weights: Float64Array,
  scores: Float64Array,
): void {
  const bias = x.columns * classes
  for (let c = 0; c < classes; c++) scores[c] = weights[bias + c]!
  for (let k = x.starts[row]!; k < x.starts[row + 1]!; k++) {
    const base = x.indices[k]! * classes
    const value = x.values[k]!
    for (let c = 0; c < classes; c++) scores[c]! += weights[base + c]! * value
  }
}

/** ∂/∂w = Σ rows (softmax - onehot) xᵀ / n + penalty w */
function lossAndGradient(
  x: SparseMatrix,
  labels: ArrayLike<number>,
  classes: number,
  penalty: number,
  weights: Float64Array,
  scores: Float64Array,
  gradient: Float64Array,
): number {
  const bias = x.columns * classes
  let squares = 0
  for (let i = 0; i < bias; i++) {
    const w = weights[i]!
    squares += w * w
    gradient[i] = penalty * w
  }
  gradient.fill(0, bias)
  let loss = 0
  for (let row = 0; row < x.rows; row++) {
    scoreRow(x, row, classes, weights, scores)
    let max = -Infinity
    for (let c = 0; c < classes; c++) if (scores[c]! > max) max = scores[c]!
    const label = labels[row]!
    const right = scores[label]!
    let sum = 0
    for (let c = 0; c < classes; c++) sum += scores[c] = Math.exp(scores[c]! - max)
    loss += max + Math.log(sum) - right
    const scale = 1 / (sum * x.rows)
    for (let c = 0; c < classes; c++) scores[c]! *= scale
    scores[label]! -= 1 / x.rows
    for (let k = x.starts[row]!; k < x.starts[row + 1]!; k++) {
      const base = x.indices[k]! * classes
      const value = x.values[k]!
      for (let c = 0; c < classes; c++) gradient[base + c]! += scores[c]! * value
    }
    for (let c = 0; c < classes; c++) gradient[bias + c]! += scores[c]!
  }
  return loss / x.rows + (penalty / 2) * squares
}
