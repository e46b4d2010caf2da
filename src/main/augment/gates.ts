/** Which copies are kept. Equal texts never are: not the source's, another row's, another copy's, validation's or test's. */
import type { AugmentGates, RejectReason } from '../../shared/domain/augmentation'
import { changeShare } from './text/diff'
import { scriptOf } from './text/script'
import { textOf, type Sentence } from './text/token'

/** Equal to the letter. */
function exactKey(texts: readonly string[]): string {
  return texts.length === 1 ? texts[0]! : texts.join('\u0000')
}

/** What leaks may not differ in case, width of letters or white space alone. */
function looseKey(texts: readonly string[]): string {
  return exactKey(texts).normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')
}

/** The texts that a copy must not repeat. */
export class Seen {
  private readonly train = new Set<string>()
  private readonly evaluation = new Set<string>()
  private readonly copies = new Set<string>()

  addTrain(texts: readonly string[]): void {
    this.train.add(exactKey(texts))
  }

  addEvaluation(texts: readonly string[]): void {
    this.evaluation.add(looseKey(texts))
  }

  /** Copies come in their order, so that the first of two equal ones is kept: it is noted. */
  judge(texts: readonly string[]): RejectReason | null {
    if (this.evaluation.size > 0 && this.evaluation.has(looseKey(texts))) return 'duplicate-evaluation'
    const key = exactKey(texts)
    if (this.train.has(key)) return 'duplicate-train'
    if (this.copies.has(key)) return 'duplicate-copy'
    this.copies.add(key)
    return null
  }
}

/** What can be said of a copy by looking at it and its source alone. */
export function reasonAgainst(
  before: readonly Sentence[],
  after: readonly Sentence[],
  gates: AugmentGates,
): RejectReason | null {
  const [was, is] = [before.map(textOf), after.map(textOf)]
  if (is.some((text, i) => text === '' && was[i] !== '')) return 'empty'
  if (is.every((text, i) => text === was[i])) return 'unchanged'
  if (!keepsProtected(before, after)) return 'protected'
  if (gates.same_script && is.some((text, i) => scriptOf(text) !== scriptOf(was[i]!))) return 'script'
  if (gates.min_change > 0 || gates.max_change !== null) {
    const change = Math.max(...after.map((sentence, i) => changeShare(before[i]!, sentence)))
    if (change < gates.min_change) return 'change-below'
    if (gates.max_change !== null && change > gates.max_change) return 'change-above'
  }
  return null
}

/** Whether every protected word of the source is still there, as often. */
function keepsProtected(before: readonly Sentence[], after: readonly Sentence[]): boolean {
  return before.every((sentence, i) => {
    const left = new Map<string, number>()
    for (const { text, isProtected } of sentence) if (isProtected) left.set(text, (left.get(text) ?? 0) + 1)
    if (left.size === 0) return true
    for (const { text } of after[i]!) if (left.has(text)) left.set(text, left.get(text)! - 1)
    return [...left.values()].every((count) => count <= 0)
  })
}
