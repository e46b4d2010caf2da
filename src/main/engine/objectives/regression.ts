/** A number a row: the mean squared error. */
import { meanSquaredError } from '../ops/loss'
import { NUMBER_LABELS, type Objective } from './objective'

export const regression: Objective = {
  id: 'regression',
  task: 'sequence-classification',
  problemType: 'regression',
  isByToken: false,
  labels: NUMBER_LABELS,
  loss: (logits, labels, weights) => meanSquaredError(logits, labels, weights).loss,
  lossOf(logits, labels, answer) {
    let squares = 0
    logits.forEach((value, c) => (squares += (value - labels[answer * logits.length + c]!) ** 2))
    return { loss: squares / logits.length, weight: 1 }
  },
}
