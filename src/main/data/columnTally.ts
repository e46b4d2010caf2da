/** What one column holds, gathered a value at a time. */
import type { CellValue, ColumnProfile, ColumnType, LengthSummary, Split } from '../../shared/domain/dataset'
import { countDistinct, hashText, NumberList } from './numberList'

const VALUES_SHOWN = 50
/** More different values than this are not counted one by one: the column is no category. */
const VALUES_COUNTED = 5000
/** Texts are at least this long on average, or longer than a category's names. */
const TEXT_WORDS = 4

interface ValueCount {
  count: number
  bySplit: Partial<Record<Split, number>>
}

export class ColumnTally {
  private rows = 0
  private empty = 0
  private numbers = 0
  private booleans = 0
  private lists = 0
  private isOverflowing = false
  private readonly values = new Map<string, ValueCount>()
  private readonly hashes = new NumberList()
  private readonly characters = new LengthCounts()
  private readonly words = new LengthCounts()
  private wordSum = 0

  constructor(readonly name: string) {}

  add(value: CellValue, split: Split): void {
    this.rows++
    if (value === null || (typeof value === 'string' && value.trim() === '')) {
      this.empty++
      return
    }
    if (Array.isArray(value)) {
      this.addList(value, split)
      return
    }
    if (typeof value === 'boolean') this.booleans++
    else if (isNumeric(value)) this.numbers++
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    this.characters.add(text.length)
    const words = countWords(text)
    this.words.add(words)
    this.wordSum += words
    this.count(text, split)
  }

  /** Of a list its items are the values, its length the words. */
  private addList(items: readonly CellValue[], split: Split): void {
    this.lists++
    this.characters.add(JSON.stringify(items).length)
    this.words.add(items.length)
    for (const item of items) this.count(typeof item === 'string' ? item : JSON.stringify(item), split)
  }

  profile(): ColumnProfile {
    const distinct = this.isOverflowing ? countDistinct(this.hashes) : this.values.size
    const type = this.type(distinct)
    const counted = [...this.values].sort((a, b) => b[1].count - a[1].count || compare(a[0], b[0]))
    return {
      name: this.name,
      type,
      suggestedRole: null,
      suggestedBecause: null,
      empty: this.empty,
      distinct,
      characters: this.characters.summary(),
      words: ['text', 'category', 'list'].includes(type) ? this.words.summary() : null,
      values:
        this.isOverflowing || type === 'text'
          ? []
          : counted.slice(0, VALUES_SHOWN).map(([value, own]) => ({ value, ...own })),
    }
  }

  private count(text: string, split: Split): void {
    this.hashes.push(hashText(text))
    if (this.isOverflowing) return
    const known = this.values.get(text)
    if (known) {
      known.count++
      known.bySplit[split] = (known.bySplit[split] ?? 0) + 1
    } else if (this.values.size < VALUES_COUNTED) this.values.set(text, { count: 1, bySplit: { [split]: 1 } })
    else {
      this.isOverflowing = true
      this.values.clear()
    }
  }

  private type(distinct: number): ColumnType {
    const filled = this.rows - this.empty
    if (filled === 0) return 'empty'
    if (this.lists > filled / 2) return 'list'
    if (this.booleans === filled) return 'boolean'
    const repeats = filled / Math.max(1, distinct)
    const isFew = !this.isOverflowing && distinct <= 1000 && repeats >= 2
    if (this.numbers === filled) return isFew && distinct <= 50 ? 'category' : 'number'
    const meanWords = this.wordSum / filled
    if (isFew && meanWords < 2 * TEXT_WORDS) return 'category'
    return 'text'
  }
}

function isNumeric(value: string | number): boolean {
  return typeof value === 'number' || /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(value)
}

function countWords(text: string): number {
  let count = 0
  let isInside = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    const isSpace = c === 32 || (c >= 9 && c <= 13) || c === 0xa0
    if (!isSpace && !isInside) count++
    isInside = !isSpace
  }
  return count
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Lengths by how often they occur: few differ, however many rows there are. */
class LengthCounts {
  private readonly counts = new Map<number, number>()
  private total = 0

  add(length: number): void {
    this.counts.set(length, (this.counts.get(length) ?? 0) + 1)
    this.total++
  }

  summary(): LengthSummary | null {
    if (this.total === 0) return null
    const sorted = [...this.counts].sort(([a], [b]) => a - b)
    const at = (share: number): number => {
      let before = Math.min(this.total - 1, Math.floor(share * this.total))
      return sorted.find(([, count]) => (before -= count) < 0)![0]
    }
    return { min: at(0), median: at(0.5), p95: at(0.95), max: at(1) }
  }
}
