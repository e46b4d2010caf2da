/** The evaluation loss, computed from logits as the Trainer computes it: the mean of batch means, weighted by rows. */

export interface EvaluationLoss {
  batchSize: number
  labelSmoothing: number
  classWeights?: readonly number[]
}

/** logits [N,C] and labels [N]; in float64. */
export function evaluationLoss(logits: Float32Array, labels: Int32Array, settings: EvaluationLoss): number {
  const { batchSize, labelSmoothing, classWeights } = settings
  const classes = logits.length / labels.length
  const weight = (c: number) => classWeights?.[c] ?? 1
  let total = 0
  for (let start = 0; start < labels.length; start += batchSize) {
    const end = Math.min(start + batchSize, labels.length)
    let [loss, normalizer] = [0, 0]
    for (let row = start; row < end; row++) {
      const scores = logits.subarray(row * classes, (row + 1) * classes)
      const logSum = logSumExp(scores)
      let spread = 0
      for (let c = 0; c < classes; c++) spread += weight(c) * (logSum - scores[c]!)
      const label = labels[row]!
      const own = weight(label) * (logSum - scores[label]!)
      loss += (1 - labelSmoothing) * own + (labelSmoothing * spread) / classes
      normalizer += weight(label)
    }
    total += (loss / normalizer) * (end - start)
  }
  return total / labels.length
}

function logSumExp(scores: Float32Array): number {
  let largest = -Infinity
  for (const score of scores) largest = Math.max(largest, score)
  let sum = 0
  for (const score of scores) sum += Math.exp(score - largest)
  return largest + Math.log(sum)
}
