/** One class a row. */
import type { CellValue } from '../../../shared/domain/dataset'
import { UserError } from '../../../shared/errors'
import { mapLabels } from '../../engine/models/labels'
import { labelIds, requireTwoClasses } from '../run/labels'
import { labelMetrics } from '../run/metrics'
import { argMax, classSaid, logCounts, softmax } from './logits'
import { askEachRow, type CellPlace, type Problem } from './problem'

export const singleLabel: Problem = {
  id: 'single-label',
  hasOneClass: true,
  referenceRole: 'label',
  needsWords: () => false,
  readReference: (cell, place) => labelText(cell, place),
  labelsOf(config, train, roles) {
    requireTwoClasses(train, roles.label!)
    return mapLabels(config, train.references as string[]).labels
  },
  ask: askEachRow,
  label: (encoded, split, roles, { labels }) => ({
    rows: { ...askEachRow(encoded), labels: labelIds(split, labels, roles.label!) },
  }),
  newScorer(rows, { labels }) {
    const predicted = new Int32Array(rows.labels.length)
    return {
      add: (answer, logits) => (predicted[answer] = argMax(logits)),
      metrics: () => labelMetrics(predicted, rows.labels, labels.length),
    }
  },
  keep({ rows }, _row, answer, logits, { labels }) {
    const scores = softmax(logits)
    return { said: [classSaid(scores, labels, rows.labels[answer]!)], scores }
  },
  describe: (inputs, _encoded, _asked, logits, { labels }) =>
    inputs.map((input, i) => {
      const own = logits.subarray(i * labels.length, (i + 1) * labels.length)
      const scores = softmax(own)
      return {
        ...input,
        label: labels[argMax(own)]!,
        scores: Object.fromEntries(labels.map((label, c) => [label, scores[c]!])),
      }
    }),
  baselines({ rows }, _held, { labels }) {
    const logits = logCounts(rows.labels, labels.length)
    return [{ name: 'majority', logitsOf: () => logits }]
  },
}

/** @throws UserError `bad-input` for a list */
function labelText(cell: CellValue, where: CellPlace): string | null {
  if (Array.isArray(cell))
    throw new UserError('bad-input', 'A list stands where one label is needed.', {
      where,
      hint: 'Train on several labels a row with problem_type multi_label_classification.',
    })
  const text = cell === null ? '' : String(cell).trim()
  return text === '' ? null : text
}
