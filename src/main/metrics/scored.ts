/** Metrics on probabilities: log loss, area under the ROC curve, average precision. Equal to scikit-learn 1.9. */
import { z } from 'zod'
import { UserError } from '../../shared/errors'
import { numbers, requireSameLength, scoreRows } from './inputs'
import { defineMetric, type MetricInput } from './metric'

const NoParams = z.strictObject({})

/**
 * Mean negative natural logarithm of the probability of the right class, clipped at the float64 epsilon.
 * @param scores [rows][classes]
 */
export function logLossOf(references: ArrayLike<number>, scores: readonly ArrayLike<number>[]): number {
  let total = 0
  scores.forEach((row, i) => {
    const p = Math.min(Math.max(row[references[i]!]!, Number.EPSILON), 1 - Number.EPSILON)
    total -= Math.log(p)
  })
  return total / scores.length
}

/**
 * Probability that a positive row scores above a negative one, ties counted half (Mann-Whitney).
 * NaN if one side is empty.
 */
export function rocAucOf(isPositive: readonly boolean[], scores: readonly number[]): number {
  const ranks = midRanks(scores)
  let positives = 0
  let rankSum = 0
  isPositive.forEach((yes, i) => {
    if (!yes) return
    positives++
    rankSum += ranks[i]!
  })
  const negatives = isPositive.length - positives
  if (positives === 0 || negatives === 0) return NaN
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** Sum over falling thresholds of precision times the gain in recall. NaN without a positive row. */
export function averagePrecisionOf(isPositive: readonly boolean[], scores: readonly number[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!)
  const positives = isPositive.filter(Boolean).length
  if (positives === 0) return NaN
  let found = 0
  let foundBefore = 0
  let total = 0
  order.forEach((row, k) => {
    if (isPositive[row]) found++
    const next = order[k + 1]
    if (next !== undefined && scores[next] === scores[row]) return
    total += (found / (k + 1)) * ((found - foundBefore) / positives)
    foundBefore = found
  })
  return total
}

/** Ranks from 1; equal values share the mean of theirs. */
export function midRanks(values: readonly number[]): Float64Array {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const ranks = new Float64Array(values.length)
  for (let i = 0; i < order.length;) {
    let end = i + 1
    while (end < order.length && values[order[end]!] === values[order[i]!]) end++
    for (let k = i; k < end; k++) ranks[order[k]!] = (i + 1 + end) / 2
    i = end
  }
  return ranks
}

export const logLoss = defineMetric({
  id: 'log_loss',
  label: 'Log loss',
  help: 'How surprised the model was by the right labels, in nats a row: certain and wrong costs most.',
  direction: 'minimize',
  input: 'scores',
  params: NoParams,
  compute(input) {
    const { references, scores } = scoredInput(input)
    const value = logLossOf(references, scores)
    return { value, values: { log_loss: value }, signature: 'log_loss|clip:epsilon', n: scores.length }
  },
})

export const rocAuc = defineMetric({
  id: 'roc_auc',
  label: 'ROC AUC',
  help: 'The chance that a row with the label scores above one without it; one against the rest for several labels.',
  direction: 'maximize',
  input: 'scores',
  params: NoParams,
  compute(input) {
    const { references, scores } = scoredInput(input)
    const classes = scores[0]!.length
    const own = (c: number) =>
      rocAucOf(
        references.map((r) => r === c),
        scores.map((row) => row[c]!),
      )
    const each = Array.from({ length: classes }, (_, c) => own(c))
    const value = classes === 2 ? each[1]! : each.reduce((a, b) => a + b, 0) / classes
    const values = Object.fromEntries(each.map((auc, c) => [`roc_auc[${c}]`, auc]))
    const signature = classes === 2 ? 'roc_auc|pos:1' : 'roc_auc|multi_class:ovr|average:macro'
    return { value, values: { roc_auc: value, ...values }, signature, n: scores.length }
  },
})

export const averagePrecision = defineMetric({
  id: 'average_precision',
  label: 'Average precision (PR AUC)',
  help: 'Precision over all thresholds, weighed by the recall each adds; one against the rest for several labels.',
  direction: 'maximize',
  input: 'scores',
  params: NoParams,
  compute(input) {
    const { references, scores } = scoredInput(input)
    const classes = scores[0]!.length
    const each = Array.from({ length: classes }, (_, c) =>
      averagePrecisionOf(
        references.map((r) => r === c),
        scores.map((row) => row[c]!),
      ),
    )
    const value = classes === 2 ? each[1]! : each.reduce((a, b) => a + b, 0) / classes
    const values = Object.fromEntries(each.map((one, c) => [`average_precision[${c}]`, one]))
    const signature =
      classes === 2 ? 'average_precision|pos:1' : 'average_precision|multi_class:ovr|average:macro'
    return { value, values: { average_precision: value, ...values }, signature, n: scores.length }
  },
})

/** @throws UserError naming a reference that is not the index of a probability */
export function scoredInput(input: MetricInput): { references: number[]; scores: number[][] } {
  requireSameLength(input)
  const scores = scoreRows(input.predictions)
  const references = numbers(input.references, 'reference')
  references.forEach((reference, i) => {
    if (!Number.isInteger(reference) || reference < 0 || reference >= scores[0]!.length) {
      throw new UserError('bad-input', `The reference ${reference} is not the index of a probability.`, {
        where: { row: i + 1, field: 'reference' },
      })
    }
  })
  return { references, scores }
}
