/** What a person should know about a dataset before training on it, one sentence each. */
import type { ColumnProfile, Split } from '../../shared/domain/dataset'

const RARE_LABEL_ROWS = 8
const IMBALANCE = 20

export function profileWarnings(
  columns: readonly ColumnProfile[],
  counts: Readonly<Record<Split, number>>,
  duplicates: number,
): string[] {
  const warnings: string[] = []
  const text = columns.find((column) => column.suggestedRole === 'text' || column.suggestedRole === 'tokens')
  const label = columns.find((column) => column.suggestedRole === 'label' && column.type !== 'number')
  if (!text) warnings.push('No column looks like text.')
  else if (text.empty > 0) warnings.push(`${rows(text.empty)} an empty "${text.name}".`)
  if (label) warnings.push(...labelWarnings(label))
  if (duplicates > 0) {
    warnings.push(
      `${duplicates} ${duplicates === 1 ? 'row is an exact copy' : 'rows are exact copies'} of another.`,
    )
  }
  if (counts.validation === 0)
    warnings.push('There is no validation split: a run could not tell how good it is.')
  return warnings
}

function labelWarnings(label: ColumnProfile): string[] {
  const warnings: string[] = []
  if (label.empty > 0) warnings.push(`${rows(label.empty)} no "${label.name}".`)
  if (label.distinct === 1) {
    warnings.push(`Every row has the same "${label.name}": there is nothing to tell apart.`)
    return warnings
  }
  const rare = label.values.filter(({ count }) => count < RARE_LABEL_ROWS)
  if (rare.length > 0) {
    const names = rare.slice(0, 3).map(({ value }) => `"${value}"`)
    warnings.push(
      `${names.join(', ')}${rare.length > 3 ? ' and others' : ''} occur in fewer than ${RARE_LABEL_ROWS} rows.`,
    )
  }
  const [most, least] = [label.values[0], label.values.at(-1)]
  if (most && least && most.count > IMBALANCE * least.count) {
    warnings.push(
      `"${most.value}" is ${Math.round(most.count / least.count)} times as frequent as "${least.value}".`,
    )
  }
  const unseen = label.values.filter(({ bySplit }) => (bySplit.train ?? 0) === 0)
  if (unseen.length > 0)
    warnings.push(`"${unseen[0]!.value}" occurs in validation or test but never in training.`)
  return warnings
}

function rows(count: number): string {
  return count === 1 ? '1 row has' : `${count} rows have`
}
