/** Any number of labels a row: a yes or no for each (BCEWithLogitsLoss, the mean over labels and rows). */
import { binaryCrossEntropy } from '../ops/loss'
import { NUMBER_LABELS, type Objective } from './objective'

export const multiLabel: Objective = {
  id: 'multi-label',
  task: 'sequence-classification',
  problemType: 'multi_label_classification',
  isByToken: false,
  labels: NUMBER_LABELS,
  loss: (logits, labels, weights) => binaryCrossEntropy(logits, labels, weights).loss,
  lossOf(logits, labels, answer) {
    let loss = 0
    logits.forEach((x, c) => {
      const target = labels[answer * logits.length + c]!
      loss += Math.max(x, 0) - x * target + Math.log1p(Math.exp(-Math.abs(x)))
    })
    return { loss: loss / logits.length, weight: 1 }
  },
}
