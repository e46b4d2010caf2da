/** What problems make of logits, in float64. */
import type { KeptAnswer } from '../../../shared/domain/examples'

export function argMax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}

export function softmax(logits: Float32Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = Float64Array.from(logits, (value) => Math.exp(value - largest))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((value) => value / sum)
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** Logits whose softmax is how often each class occurs, each counted once more than it does. */
export function logCounts(ids: ArrayLike<number>, classes: number): Float32Array {
  const counts = new Float64Array(classes).fill(1)
  for (let i = 0; i < ids.length; i++) counts[ids[i]!]!++
  return Float32Array.from(counts, (count) => Math.log(count))
}

/** The likeliest class, beside the true one. */
export function classSaid(
  scores: ArrayLike<number>,
  labels: readonly string[],
  truth: number,
  place = 0,
): KeptAnswer {
  const best = argMax(scores)
  return { place, label: labels[truth]!, predicted: labels[best]!, confidence: scores[best]! }
}

/** The `count` likeliest classes with their probabilities. */
export function likeliest(logits: Float32Array, count: number): { id: number; score: number }[] {
  const scores = softmax(logits)
  return Array.from(scores, (score, id) => ({ id, score }))
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, count)
}
