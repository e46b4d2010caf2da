/** One class an answer: of a row, of a token, or the token under a mask. */
import { crossEntropy } from '../ops/loss'
import { CLASS_LABELS, type Objective } from './objective'

const oneClass: Pick<Objective, 'labels' | 'loss' | 'lossOf'> = {
  labels: CLASS_LABELS,
  loss: (logits, labels, weights, settings) => crossEntropy(logits, labels, weights, settings).loss,
  lossOf(logits, labels, answer, { labelSmoothing, classWeights }) {
    const weightOf = (c: number) => classWeights?.[c] ?? 1
    const label = labels[answer]!
    const logSum = logSumExp(logits)
    const weight = weightOf(label)
    let loss = (1 - labelSmoothing) * weight * (logSum - logits[label]!)
    if (labelSmoothing > 0) {
      let spread = 0
      for (let c = 0; c < logits.length; c++) spread += weightOf(c) * (logSum - logits[c]!)
      loss += (labelSmoothing * spread) / logits.length
    }
    return { loss, weight }
  },
}

export const singleLabel: Objective = {
  id: 'single-label',
  task: 'sequence-classification',
  problemType: 'single_label_classification',
  isByToken: false,
  ...oneClass,
}

export const tokenClassification: Objective = {
  id: 'token-classification',
  task: 'token-classification',
  problemType: null,
  isByToken: true,
  ...oneClass,
}

export const maskedLm: Objective = {
  id: 'masked-lm',
  task: 'masked-lm',
  problemType: null,
  isByToken: true,
  ...oneClass,
}

export function logSumExp(scores: Float32Array): number {
  let largest = -Infinity
  for (let i = 0; i < scores.length; i++) if (scores[i]! > largest) largest = scores[i]!
  let sum = 0
  for (let i = 0; i < scores.length; i++) sum += Math.exp(scores[i]! - largest)
  return largest + Math.log(sum)
}
