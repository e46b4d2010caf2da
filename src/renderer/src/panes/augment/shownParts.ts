/** A diff as a list shows it: white space stands between marks, and long stretches that did not change are cut. */
import type { DiffPart } from '../../../../shared/domain/augmentation'

/** Characters of unchanged text shown beside a change. */
const BESIDE = 120
const LONG = 4 * BESIDE

export function shownParts(diff: readonly DiffPart[]): DiffPart[] {
  const isLong = diff.reduce((sum, { text }) => sum + text.length, 0) > LONG
  const parts = diff.flatMap((part, i) => {
    if (part.kind !== 'same') return unspaced(part)
    return isLong ? { ...part, text: cut(part.text, i > 0, i < diff.length - 1) } : part
  })
  return parts.flatMap((part, i) => (runsOn(parts[i - 1], part) ? [THIN_SPACE, part] : part))
}

const THIN_SPACE: DiffPart = { kind: 'same', text: '\u2009' }

/** A struck word must not grow together with what follows it. */
function runsOn(before: DiffPart | undefined, part: DiffPart): boolean {
  return before?.kind === 'out' && !/\s$/.test(before.text) && /^[\p{L}\p{N}]/u.test(part.text)
}

/** Changed white space alone stays marked. */
function unspaced(part: DiffPart): DiffPart[] {
  const text = part.text.trimStart()
  if (text === '' || text === part.text) return [part]
  return [
    { kind: 'same', text: part.text.slice(0, part.text.length - text.length) },
    { ...part, text },
  ]
}

/** Keeps what stands beside a change; of a text without one, its beginning. */
function cut(text: string, followsChange: boolean, leadsToChange: boolean): string {
  const before = followsChange || !leadsToChange ? BESIDE : 0
  const after = leadsToChange ? BESIDE : 0
  if (text.length <= before + after + 3) return text
  return `${text.slice(0, before)} … ${after > 0 ? text.slice(-after) : ''}`
}
