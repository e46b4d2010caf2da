/** Rows of one split that stand in another too: how alike they are, how many, and some of them. */
import { z } from 'zod'
import type { Split } from './dataset'

/**
 * Strongest first. `exact`: equal but for case and white space. `near`, `close`: Jaccard index of their word 3-grams at
 * least 0.8, from 0.6 to 0.8. `gram13`, `gram8`: 13 or 8 words in a row are the same (such rows may be exact or near too).
 */
export const LEAK_KINDS = ['exact', 'near', 'close', 'gram13', 'gram8'] as const
export const LeakKind = z.enum(LEAK_KINDS)
export type LeakKind = z.infer<typeof LeakKind>

export const LEAK_WORDS: Readonly<Record<LeakKind, string>> = {
  exact: 'equal, ignoring case and spaces',
  near: 'near, 3-gram Jaccard ≥ 0.80',
  close: 'close, Jaccard 0.60 to 0.80',
  gram13: 'share a 13-gram',
  gram8: 'share an 8-gram',
}

export interface LeakExample {
  kind: LeakKind
  jaccard: number
  /** Rows in their source files. */
  heldRow: number
  againstRow: number
  /** At most 400 characters each. */
  held: string
  against: string
}

/** One split held against another: `counts` are rows of `held`, `matching` rows of `against`. */
export interface LeakPair {
  held: Split
  against: Split
  /** Compared. */
  rows: number
  /** Of so many; absent where all were compared. */
  sampledFrom?: number
  counts: Record<LeakKind, number>
  matching: Record<LeakKind, number>
  examples: LeakExample[]
}

export interface LeakReport {
  /** Columns whose texts were compared. */
  columns: string[]
  pairs: LeakPair[]
  /** Training rows that match a held-out row in any of these ways. */
  trainRows: number
}

/** Kinds that make a score better than it is, beyond phrases that many texts share. */
export const STRONG_LEAKS = ['exact', 'near'] as const satisfies readonly LeakKind[]

/** What to know before training: one sentence a pair of splits with strong leaks. */
export function leakSentences({ pairs }: LeakReport): string[] {
  return pairs.flatMap(({ held, against, rows, sampledFrom, counts: { exact, near } }) => {
    if (exact + near === 0) return []
    const alike = [exact > 0 && `${exact} equal`, near > 0 && `${near} nearly equal`].filter(Boolean)
    const sample = sampledFrom === undefined ? '' : ` (a sample of ${sampledFrom})`
    return `Of ${rows} ${held} rows${sample}, ${alike.join(' and ')} to rows of ${against}: scores on ${held} will look better than they are.`
  })
}
