/** Rows that should be nowhere else, ready to be looked for: what in another row equals them, is near, or shares words. */
import type { Split } from '../../../shared/domain/dataset'
import type { LeakKind } from '../../../shared/domain/leaks'
import { hashText } from '../numberList'
import { BANDS, bandKeys } from './minHash'
import { Postings } from './postings'
import { equalityKey, HashedWords, jaccard, wordsOf } from './words'

export interface ComparedRow {
  ordinal: number
  sourceRow: number
  split: Split
  text: string
}

/** Rows of one split that are equal. */
export interface HeldGroup {
  split: Split
  text: string
  rows: { ordinal: number; sourceRow: number }[]
  shingles: Int32Array
}

export interface Found {
  kind: LeakKind
  jaccard: number
  group: HeldGroup
}

const NEAR = 0.8
const CLOSE = 0.6
const LONG = 13
const SHORT = 8
/** Of one row; templates would make every row a candidate of every other. */
const MOST_CANDIDATES = 1000

export class HeldRows {
  private readonly groups: HeldGroup[] = []
  private readonly byText = new Map<string, HeldGroup>()
  private readonly bands = new Postings()
  private readonly long = new Postings()
  private readonly short = new Postings()
  private readonly keys = new Int32Array(BANDS)
  /** Keys of phrases whose rows a split was told all of. */
  private readonly told = { long: emptyTold(), short: emptyTold() }

  get size(): number {
    return this.groups.length
  }

  add({ ordinal, sourceRow, split, text }: ComparedRow): void {
    const equal = equalityKey(text)
    if (equal === '') return
    const key = `${split} ${hashText(equal)}`
    const known = this.byText.get(key)
    if (known) {
      known.rows.push({ ordinal, sourceRow })
      return
    }
    const words = new HashedWords(wordsOf(text))
    const shingles = words.shingles()
    const group: HeldGroup = { split, text, rows: [{ ordinal, sourceRow }], shingles }
    const number = this.groups.push(group) - 1
    this.byText.set(key, group)
    if (shingles.length === 0) return
    bandKeys(shingles, this.keys).forEach((band, i) => this.bands.add(i, band, number))
    words.eachGram(LONG, (high, low) => this.long.add(high, low, number))
    words.eachGram(SHORT, (high, low) => this.short.add(high, low, number))
  }

  /**
   * What a row of another split has in common with these. A phrase that many rows share names all of them to the first
   * row of a split that has it, then one: else boilerplate would pair every row with every other.
   */
  *search({ text, split }: ComparedRow, splits: readonly Split[]): Generator<Found> {
    const equal = equalityKey(text)
    if (equal === '') return
    const hash = hashText(equal)
    const equals = new Set<HeldGroup>()
    for (const split of splits) {
      const group = this.byText.get(`${split} ${hash}`)
      if (!group) continue
      equals.add(group)
      yield { kind: 'exact', jaccard: 1, group }
    }
    const words = new HashedWords(wordsOf(text))
    const shingles = words.shingles()
    if (shingles.length === 0) return
    const isAsked = (group: HeldGroup) => splits.includes(group.split)
    for (const group of this.candidates(shingles)) {
      if (equals.has(group) || !isAsked(group)) continue
      const index = jaccard(shingles, group.shingles)
      if (index >= CLOSE) yield { kind: index >= NEAR ? 'near' : 'close', jaccard: index, group }
    }
    for (const [kind, n, postings] of [
      ['gram13', LONG, this.long],
      ['gram8', SHORT, this.short],
    ] as const)
      for (const group of this.sharing(words, n, postings, split))
        if (isAsked(group)) yield { kind, jaccard: jaccard(shingles, group.shingles), group }
  }

  private candidates(shingles: Int32Array): Set<HeldGroup> {
    const found = new Set<HeldGroup>()
    bandKeys(shingles, this.keys).forEach((band, i) => {
      const key = this.bands.find(i, band)
      if (key < 0) return
      for (const number of this.bands.valuesOf(key)) {
        if (found.size >= MOST_CANDIDATES) return
        found.add(this.groups[number]!)
      }
    })
    return found
  }

  private sharing(words: HashedWords, n: number, postings: Postings, split: Split): Set<HeldGroup> {
    const found = new Set<HeldGroup>()
    const told = this.told[n === LONG ? 'long' : 'short'][split]
    words.eachGram(n, (high, low) => {
      const key = postings.find(high, low)
      if (key < 0) return
      for (const number of postings.valuesOf(key)) {
        found.add(this.groups[number]!)
        if (told.has(key)) break
      }
      told.add(key)
    })
    return found
  }
}

function emptyTold(): Record<Split, Set<number>> {
  return { train: new Set(), validation: new Set(), test: new Set() }
}
