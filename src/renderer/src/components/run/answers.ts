/** Answers of models in words, and whether they are right. */
import type { Prediction } from '../../../../shared/domain/run'
import { formatReal, formatScore } from '../../format/number'
import type { BarRow } from '../charts/barRow'

/** Whether the answer is the true one; `null` where that is not known, or only a matter of how far. */
export function isRight(row: Prediction): boolean | null {
  const { reference } = row
  if (reference === undefined || 'value' in row) return null
  if ('label' in row) return row.label === reference
  const wanted = Array.isArray(reference) ? (reference as readonly string[]) : []
  if ('labels' in row) return isSameList([...row.labels].sort(), [...wanted].sort())
  if ('tags' in row) return isSameList(row.tags, wanted)
  return isSameList(
    row.fills.map(([best]) => best?.token ?? null),
    wanted,
  )
}

function isSameList(a: readonly (string | null)[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

/** One phrase for the answer, where it has one beside the text. */
export function answerText(row: Prediction): string {
  if ('label' in row) return row.label
  if ('labels' in row) return row.labels.join(', ') || 'none'
  return 'value' in row ? formatReal(row.value) : ''
}

/** What it should have been, where that differs and can be said. */
export function correction(row: Prediction): string {
  const { reference } = row
  if (reference === undefined || isRight(row) === true) return ''
  if ('label' in row) {
    const score = row.scores[reference as string]
    return `is ${String(reference)}${score === undefined ? '' : `, ${formatScore(score)}`}`
  }
  if ('labels' in row) return `is ${(reference as readonly string[]).join(', ') || 'none'}`
  return 'value' in row ? `is ${formatReal(reference as number)}` : ''
}

/** How sure the model is of what it says, where it says one thing. */
export function certainty(row: Prediction): string {
  return 'label' in row ? formatScore(row.scores[row.label]) : ''
}

/** Bars of what the model weighed, likeliest first; none where it says a number. */
export function weighed(row: Prediction, most: number): BarRow[] {
  const scores: [string, number][] =
    'scores' in row
      ? Object.entries(row.scores)
      : 'fills' in row
        ? (row.fills[0] ?? []).map(({ token, score }) => [token, score])
        : []
  const sorted = scores.sort(([, a], [, b]) => b - a)
  const shown = sorted
    .slice(0, most)
    .map(([label, score]) => ({ label, value: score, text: formatScore(score) }))
  const rest = sorted.slice(most)
  if (rest.length === 0 || !('label' in row)) return shown
  const sum = rest.reduce((total, [, score]) => total + score, 0)
  return [...shown, { label: `${rest.length} more`, value: sum, text: formatScore(sum) }]
}
