/** Word by word, what a copy has that its source has not, and the other way round. */
import type { DiffPart } from '../../../shared/domain/augmentation'
import type { Sentence } from './token'

/** Beyond this many cells the middle is shown as replaced whole. */
const MOST_CELLS = 4_000_000

/** @returns Levenshtein distance in tokens */
export function wordDistance(before: Sentence, after: Sentence): number {
  let [start, endBefore, endAfter] = [0, before.length, after.length]
  while (start < endBefore && start < endAfter && before[start]!.text === after[start]!.text) start++
  while (endBefore > start && endAfter > start && before[endBefore - 1]!.text === after[endAfter - 1]!.text) {
    endBefore--
    endAfter--
  }
  const width = endAfter - start
  if ((endBefore - start) * width > MOST_CELLS) return Math.max(endBefore - start, width)
  let row = Uint32Array.from({ length: width + 1 }, (_, j) => j)
  for (let i = start; i < endBefore; i++) {
    const next = new Uint32Array(width + 1)
    next[0] = i - start + 1
    for (let j = 0; j < width; j++) {
      const cost = before[i]!.text === after[start + j]!.text ? 0 : 1
      next[j + 1] = Math.min(row[j]! + cost, row[j + 1]! + 1, next[j]! + 1)
    }
    row = next
  }
  return row[width]!
}

/** Share of words that differ, in [0, 1]. */
export function changeShare(before: Sentence, after: Sentence): number {
  const longest = Math.max(before.length, after.length)
  return longest === 0 ? 0 : wordDistance(before, after) / longest
}

/** Parts in the order of reading; `out` before `in` where words were replaced. */
export function diffOf(before: Sentence, after: Sentence): DiffPart[] {
  const parts: DiffPart[] = []
  const push = (kind: DiffPart['kind'], text: string) => {
    const last = parts.at(-1)
    if (last?.kind === kind) last.text += text
    else parts.push({ kind, text })
  }
  // White space counts too, but not before the first word, which has none.
  const isSame = (i: number, j: number) => {
    const [was, is] = [before[i]!, after[j]!]
    return was.text === is.text && (was.gap === is.gap || i === 0 || j === 0)
  }
  const width = after.length + 1
  const isTooLong = before.length * after.length > MOST_CELLS
  // Longest common subsequence of the rests from (i, j).
  const common = new Uint32Array(isTooLong ? 0 : (before.length + 1) * width)
  if (!isTooLong)
    for (let i = before.length - 1; i >= 0; i--)
      for (let j = after.length - 1; j >= 0; j--)
        common[i * width + j] = isSame(i, j)
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
  const written = (sentence: Sentence, i: number) => (i === 0 ? '' : sentence[i]!.gap) + sentence[i]!.text
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && isSame(i, j)) {
      push('same', written(after, j))
      i++
      j++
    } else if (
      i < before.length &&
      (j === after.length || isTooLong || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)
    ) {
      push('out', written(before, i++))
    } else push('in', written(after, j++))
  }
  return parts
}
