/**
 * Multinomial logistic regression with an L2 penalty, the objective of scikit-learn's LogisticRegression (the intercept
 * not penalized), minimized by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5).
 */
import type { SparseRows } from './tfidf'

export interface LinearClassifier {
  classes: number
  columns: number
  /** [columns + 1, classes], the intercepts last. */
  weights: Float64Array
}

const MEMORY = 10
const MAX_ITERATIONS = 100
const GRADIENT_TOLERANCE = 1e-4
/** An iteration that lowers the loss by less than this share of it is the last. */
const LEAST_DECREASE = 1e-4

/**
 * @param labels class of each row
 * @param inverseStrength C of scikit-learn: larger means less penalty
 * @param breathe called between iterations; may throw to stop
 */
export async function fitLogisticRegression(
  x: SparseRows,
  labels: ArrayLike<number>,
  classes: number,
  inverseStrength: number,
  breathe: () => Promise<void>,
): Promise<LinearClassifier> {
  const size = classes * (x.columns + 1)
  const weights = new Float64Array(size)
  const gradient = new Float64Array(size)
  const probabilities = new Float64Array(x.rows * classes)
  const evaluate = (at: Float64Array, into: Float64Array) =>
    lossAndGradient({ x, labels, classes, penalty: 1 / inverseStrength }, at, probabilities, into)
  let loss = evaluate(weights, gradient)
  const steps: { s: Float64Array; y: Float64Array; rho: number }[] = []

  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    await breathe()
    if (maxAbs(gradient) / x.rows < GRADIENT_TOLERANCE) break
    const direction = descentDirection(gradient, steps)
    const slope = dot(direction, gradient)
    if (slope >= 0) break
    const next = new Float64Array(size)
    const nextGradient = new Float64Array(size)
    let rate = iteration === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1
    let nextLoss = Infinity
    for (let tries = 0; tries < 20; tries++, rate /= 2) {
      for (let i = 0; i < size; i++) next[i] = weights[i]! + rate * direction[i]!
      nextLoss = evaluate(next, nextGradient)
      if (nextLoss <= loss + 1e-4 * rate * slope) break
    }
    if (!(nextLoss < loss)) break
    const s = new Float64Array(size)
    const y = new Float64Array(size)
    for (let i = 0; i < size; i++) {
      s[i] = next[i]! - weights[i]!
      y[i] = nextGradient[i]! - gradient[i]!
    }
    const curvature = dot(s, y)
    if (curvature > 1e-12) {
      steps.push({ s, y, rho: 1 / curvature })
      if (steps.length > MEMORY) steps.shift()
    }
    weights.set(next)
    gradient.set(nextGradient)
    const decrease = (loss - nextLoss) / loss
    loss = nextLoss
    if (decrease < LEAST_DECREASE) break
  }
  return { classes, columns: x.columns, weights }
}

/** The most probable class of each row. */
export function predictClasses({ classes, weights }: LinearClassifier, x: SparseRows): Int32Array {
  const scores = new Float64Array(x.rows * classes)
  scoreRows(x, classes, weights, scores)
  return Int32Array.from({ length: x.rows }, (_, row) => {
    let best = 0
    for (let c = 1; c < classes; c++) if (scores[row * classes + c]! > scores[row * classes + best]!) best = c
    return best
  })
}

function scoreRows(x: SparseRows, classes: number, weights: Float64Array, scores: Float64Array): void {
  const intercepts = x.columns * classes
  for (let row = 0; row < x.rows; row++) {
    const base = row * classes
    for (let c = 0; c < classes; c++) scores[base + c] = weights[intercepts + c]!
    for (let k = x.starts[row]!; k < x.starts[row + 1]!; k++) {
      const [at, value] = [x.indices[k]! * classes, x.values[k]!]
      for (let c = 0; c < classes; c++) scores[base + c]! += weights[at + c]! * value
    }
  }
}

interface Problem {
  x: SparseRows
  labels: ArrayLike<number>
  classes: number
  penalty: number
}

/** Sum of cross-entropies plus half the penalized squares of the weights; the gradient is written into `gradient`. */
function lossAndGradient(
  { x, labels, classes, penalty }: Problem,
  weights: Float64Array,
  scores: Float64Array,
  gradient: Float64Array,
): number {
  const intercepts = x.columns * classes
  scoreRows(x, classes, weights, scores)
  let loss = 0
  for (let i = 0; i < intercepts; i++) {
    const w = weights[i]!
    loss += 0.5 * penalty * w * w
    gradient[i] = penalty * w
  }
  gradient.fill(0, intercepts)
  for (let row = 0; row < x.rows; row++) {
    const base = row * classes
    loss += toErrors(scores, base, classes, labels[row]!)
    for (let c = 0; c < classes; c++) gradient[intercepts + c]! += scores[base + c]!
    for (let k = x.starts[row]!; k < x.starts[row + 1]!; k++) {
      const [at, value] = [x.indices[k]! * classes, x.values[k]!]
      for (let c = 0; c < classes; c++) gradient[at + c]! += scores[base + c]! * value
    }
  }
  return loss
}

/** Turns a row's scores into softmax minus one-hot, in place; returns its cross-entropy. */
function toErrors(scores: Float64Array, base: number, classes: number, label: number): number {
  let max = -Infinity
  for (let c = 0; c < classes; c++) max = Math.max(max, scores[base + c]!)
  const own = scores[base + label]!
  let sum = 0
  for (let c = 0; c < classes; c++) sum += scores[base + c] = Math.exp(scores[base + c]! - max)
  for (let c = 0; c < classes; c++) scores[base + c]! /= sum
  scores[base + label]! -= 1
  return max + Math.log(sum) - own
}

function descentDirection(
  gradient: Float64Array,
  steps: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = Float64Array.from(gradient, (g) => -g)
  const alphas = new Float64Array(steps.length)
  for (let i = steps.length - 1; i >= 0; i--) {
    const { s, y, rho } = steps[i]!
    const alpha = (alphas[i] = rho * dot(s, q))
    for (let j = 0; j < q.length; j++) q[j]! -= alpha * y[j]!
  }
  const last = steps.at(-1)
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y))
    for (let j = 0; j < q.length; j++) q[j]! *= scale
  }
  steps.forEach(({ s, y, rho }, i) => {
    const beta = rho * dot(y, q)
    for (let j = 0; j < q.length; j++) q[j]! += (alphas[i]! - beta) * s[j]!
  })
  return q
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function maxAbs(a: Float64Array): number {
  let max = 0
  for (const value of a) max = Math.max(max, Math.abs(value))
  return max
}
