/** Lines of two files → what a metric computes on, or a sentence that names the row. */
import { UserError } from '../../shared/errors'
import type { MetricInput, MetricValue } from './metric'

export interface LabelPairs {
  /** Names of the labels, sorted; numbers by size. */
  labels: string[]
  references: Int32Array
  predictions: Int32Array
}

/** @throws UserError('bad-input') if the files differ in length or are empty */
export function requireSameLength({ predictions, references }: MetricInput): void {
  if (predictions.length !== references.length) {
    throw new UserError(
      'bad-input',
      `There are ${predictions.length} predictions for ${references.length} references.`,
      { hint: 'Both files need one line a row, in the same order.' },
    )
  }
  if (references.length === 0) throw new UserError('bad-input', 'There are no rows to score.')
}

export function labelPairs(input: MetricInput): LabelPairs {
  requireSameLength(input)
  const predictions = input.predictions.map((value, i) => labelOf(value, i, 'prediction'))
  const references = input.references.map((value, i) => labelOf(value, i, 'reference'))
  const labels = sortLabels(new Set([...references, ...predictions]))
  const ids = new Map(labels.map((label, id) => [label, id]))
  return {
    labels,
    references: Int32Array.from(references, (label) => ids.get(label)!),
    predictions: Int32Array.from(predictions, (label) => ids.get(label)!),
  }
}

/** Numbers by size where all are numbers, else by UTF-16 units. */
export function sortLabels(labels: Iterable<string>): string[] {
  const list = [...labels]
  if (list.every((label) => label.trim() !== '' && Number.isFinite(Number(label)))) {
    return list.sort((a, b) => Number(a) - Number(b))
  }
  return list.sort()
}

export function texts(values: readonly MetricValue[], what: string): string[] {
  return values.map((value, i) => {
    if (typeof value === 'string') return value
    throw wrong(what, i, 'a text', value)
  })
}

/** For each row its references: a text, or a list of texts. */
export function referenceTexts(values: readonly MetricValue[]): string[][] {
  return values.map((value, i) => {
    const list = Array.isArray(value) ? value : [value]
    if (list.length > 0 && list.every((item) => typeof item === 'string')) return list
    throw wrong('reference', i, 'a text or a list of texts', value)
  })
}

export function tagLists(values: readonly MetricValue[], what: string): string[][] {
  return values.map((value, i) => {
    if (Array.isArray(value) && value.every((tag) => typeof tag === 'string')) return value
    throw wrong(what, i, 'a list of tags', value)
  })
}

export function numbers(values: readonly MetricValue[], what: string): number[] {
  return values.map((value, i) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
    throw wrong(what, i, 'a number', value)
  })
}

/** A row of probabilities, one a label. */
export function scoreRows(values: readonly MetricValue[]): number[][] {
  return values.map((value, i) => {
    if (Array.isArray(value) && value.length === (values[0] as MetricValue[]).length) {
      if (value.every((score) => typeof score === 'number')) return value
    }
    throw wrong('prediction', i, 'a list of probabilities, one a label', value)
  })
}

function labelOf(value: MetricValue, i: number, what: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value)
  throw wrong(what, i, 'a label', value)
}

function wrong(what: string, index: number, wanted: string, value: MetricValue): UserError {
  return new UserError('bad-input', `The ${what} is not ${wanted}: ${JSON.stringify(value).slice(0, 80)}.`, {
    where: { row: index + 1, field: what },
  })
}
