/** Any number of labels a row: a list, or a text cut at the delimiter. */
import type { CellValue } from '../../../shared/domain/dataset'
import type { KeptAnswer } from '../../../shared/domain/examples'
import { UserError } from '../../../shared/errors'
import { mapLabels } from '../../engine/models/labels'
import { multiLabelScores } from '../../metrics/multiLabel'
import { idOfLabel, labelIndex } from '../run/labels'
import { sigmoid } from './logits'
import { askEachRow, type CellPlace, type Problem } from './problem'

/** A label is given where its probability is at least one half: its logit is not negative. */
const THRESHOLD_LOGIT = 0

export const multiLabel: Problem = {
  id: 'multi-label',
  hasOneClass: false,
  referenceRole: 'label',
  needsWords: () => false,
  readReference: (cell, place, { label_delimiter }) => labelList(cell, place, label_delimiter),
  labelsOf(config, train, roles) {
    const { labels } = mapLabels(config, (train.references as string[][]).flat())
    if (labels.length > 0) return labels
    throw new UserError('bad-input', 'No training row has a label.', {
      where: { file: train.file, field: roles.label! },
      hint: 'Check that the right column is the label.',
    })
  },
  ask: askEachRow,
  label(encoded, split, roles, { labels }) {
    const ids = labelIndex(labels)
    const targets = new Float32Array(split.references.length * labels.length)
    ;(split.references as string[][]).forEach((own, row) => {
      for (const label of own)
        targets[row * labels.length + idOfLabel(ids, label, split, row, roles.label!)] = 1
    })
    return { rows: { ...askEachRow(encoded), labels: targets } }
  },
  newScorer(rows, { labels }) {
    const given = new Uint8Array(rows.labels.length)
    return {
      add: (row, logits) =>
        logits.forEach((logit, c) => (given[row * labels.length + c] = logit >= THRESHOLD_LOGIT ? 1 : 0)),
      metrics: () => ({ ...multiLabelScores(rows.labels, given, labels.length) }),
    }
  },
  keep({ rows }, _row, answer, logits, { labels }) {
    const scores = Array.from(logits, sigmoid)
    const said = labels.flatMap((label, place): KeptAnswer[] => {
      const isWanted = rows.labels[answer * labels.length + place] === 1
      const isGiven = logits[place]! >= THRESHOLD_LOGIT
      if (!isWanted && !isGiven) return []
      const confidence = isGiven ? scores[place]! : 1 - scores[place]!
      return [{ place, label: isWanted ? label : null, predicted: isGiven ? label : null, confidence }]
    })
    return { said, scores }
  },
  describe: (inputs, _encoded, _asked, logits, { labels }) =>
    inputs.map((input, row) => {
      const own = logits.subarray(row * labels.length, (row + 1) * labels.length)
      return {
        ...input,
        labels: labels.filter((_, c) => own[c]! >= THRESHOLD_LOGIT),
        scores: Object.fromEntries(labels.map((label, c) => [label, sigmoid(own[c]!)])),
      }
    }),
  /** The share of training rows that have each label, whatever the text. */
  baselines({ rows }, _held, { labels }) {
    const count = rows.labels.length / labels.length
    const logits = Float32Array.from(labels, (_, c) => {
      let having = 0
      for (let row = 0; row < count; row++) having += rows.labels[row * labels.length + c]!
      return Math.log((having + 0.5) / (count - having + 0.5))
    })
    return [{ name: 'label shares', logitsOf: () => logits }]
  },
}

function labelList(cell: CellValue, where: CellPlace, delimiter: string | null): string[] | null {
  if (cell === null) return null
  const items = Array.isArray(cell) ? cell : delimiter === null ? null : String(cell).split(delimiter)
  if (items === null)
    throw new UserError('bad-input', 'A text stands where a list of labels is needed.', {
      where,
      hint: 'Set label_delimiter to what separates the labels.',
    })
  const labels = items.map((item) => {
    if (Array.isArray(item))
      throw new UserError('bad-input', 'A list stands inside a list of labels.', { where })
    return item === null ? '' : String(item).trim()
  })
  return [...new Set(labels.filter((label) => label !== ''))]
}
