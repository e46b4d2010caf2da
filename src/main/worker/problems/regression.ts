/** A number a row. */
import type { CellValue } from '../../../shared/domain/dataset'
import { UserError } from '../../../shared/errors'
import { configLabels } from '../../engine/models/labels'
import { meanAbsoluteError, meanSquaredError, r2Of, spearmanOf } from '../../metrics/regression'
import { askEachRow, type CellPlace, type Problem } from './problem'

export const regression: Problem = {
  id: 'regression',
  hasOneClass: false,
  referenceRole: 'label',
  needsWords: () => false,
  readReference: (cell, place) => numberOf(cell, place),
  labelsOf(config, train, roles) {
    const [first] = train.references
    if (train.references.every((value) => value === first))
      throw new UserError(
        'bad-input',
        first === undefined
          ? 'There are no training rows.'
          : `All ${train.references.length} training rows have the same number, ${String(first)}.`,
        {
          where: { file: train.file, field: roles.label! },
          hint: 'Check that the right column is the label.',
        },
      )
    const own = configLabels(config)
    return own?.length === 1 ? own : ['LABEL_0']
  },
  ask: askEachRow,
  label: (encoded, split) => ({
    rows: { ...askEachRow(encoded), labels: Float32Array.from(split.references as number[]) },
  }),
  newScorer(rows) {
    const predicted = new Float32Array(rows.labels.length)
    return {
      add: (row, logits) => (predicted[row] = logits[0]!),
      metrics() {
        const pair = [Array.from(rows.labels), Array.from(predicted)] as const
        const figures = {
          mse: meanSquaredError(...pair),
          mae: meanAbsoluteError(...pair),
          r2: r2Of(...pair),
          spearman: spearmanOf(...pair),
        }
        // A correlation with a constant is not defined: there is none to tell.
        return Object.fromEntries(Object.entries(figures).filter(([, value]) => !Number.isNaN(value)))
      },
    }
  },
  keep: ({ rows }, _row, answer, logits) => ({
    said: [{ place: 0, label: rows.labels[answer]!, predicted: logits[0]!, confidence: null }],
  }),
  describe: (inputs, _encoded, _asked, logits) => inputs.map((input, i) => ({ ...input, value: logits[i]! })),
  baselines({ rows }) {
    const mean = Array.from(rows.labels).reduce((a, b) => a + b, 0) / rows.labels.length
    const logits = Float32Array.of(mean)
    return [{ name: 'training mean', logitsOf: () => logits }]
  },
}

function numberOf(cell: CellValue, where: CellPlace): number | null {
  if (cell === null || (typeof cell === 'string' && cell.trim() === '')) return null
  const value = typeof cell === 'number' || typeof cell === 'string' ? Number(cell) : NaN
  if (Number.isFinite(value)) return value
  throw new UserError('bad-input', `The label is not a number: ${JSON.stringify(cell).slice(0, 60)}.`, {
    where,
    hint: 'A regression needs a number in every row. Write decimals with a point.',
  })
}
