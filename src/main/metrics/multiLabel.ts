/** Several labels a row, as scikit-learn judges indicator matrices (zero_division=0). */
import { z } from 'zod'
import { UserError } from '../../shared/errors'
import { requireSameLength, sortLabels } from './inputs'
import { defineMetric, type MetricValue } from './metric'

export interface MultiLabelScores {
  /** Share of rows whose labels are all right, and no others. */
  subset_accuracy: number
  f1_micro: number
  f1_macro: number
  precision_micro: number
  recall_micro: number
}

/** @param references, predictions [rows, labels] of 0 and 1 */
export function multiLabelScores(
  references: ArrayLike<number>,
  predictions: ArrayLike<number>,
  labels: number,
): MultiLabelScores {
  const rows = references.length / labels
  const hits = new Float64Array(labels)
  const wanted = new Float64Array(labels)
  const given = new Float64Array(labels)
  let right = 0
  for (let row = 0; row < rows; row++) {
    let isRight = true
    for (let c = 0; c < labels; c++) {
      const [reference, prediction] = [references[row * labels + c]!, predictions[row * labels + c]!]
      hits[c]! += reference * prediction
      wanted[c]! += reference
      given[c]! += prediction
      isRight &&= reference === prediction
    }
    if (isRight) right++
  }
  const sum = (counts: Float64Array) => counts.reduce((a, b) => a + b, 0)
  const [hit, want, give] = [sum(hits), sum(wanted), sum(given)]
  return {
    subset_accuracy: right / rows,
    f1_micro: ratio(2 * hit, want + give),
    f1_macro: sum(hits.map((own, c) => ratio(2 * own, wanted[c]! + given[c]!))) / labels,
    precision_micro: ratio(hit, give),
    recall_micro: ratio(hit, want),
  }
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0
}

export const multiLabelF1 = defineMetric({
  id: 'multilabel_f1',
  label: 'F1 of several labels',
  help: 'F1 where a row has any number of labels: micro over all labels of all rows, macro the mean over labels.',
  direction: 'maximize',
  input: 'tags',
  params: z.strictObject({}),
  compute(input) {
    requireSameLength(input)
    const [references, predictions] = [labelSets(input.references), labelSets(input.predictions)]
    const labels = sortLabels(new Set([...references, ...predictions].flatMap((set) => [...set])))
    if (labels.length === 0)
      throw new UserError('bad-input', 'No row of either file has a label.', {
        hint: 'Write lists of labels.',
      })
    const matrix = (sets: readonly ReadonlySet<string>[]) =>
      sets.flatMap((set) => labels.map((label) => (set.has(label) ? 1 : 0)))
    const scores = multiLabelScores(matrix(references), matrix(predictions), labels.length)
    return {
      value: scores.f1_micro,
      values: { ...scores },
      signature: 'multilabel_f1|average:micro|zero_division:0',
      n: references.length,
    }
  },
})

function labelSets(values: readonly MetricValue[]): Set<string>[] {
  return values.map((value, i) => {
    if (Array.isArray(value)) return new Set(value.map(String))
    throw new UserError(
      'bad-input',
      `The value is not a list of labels: ${JSON.stringify(value).slice(0, 80)}.`,
      {
        where: { row: i + 1 },
      },
    )
  })
}
