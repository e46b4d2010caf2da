/** A text as comparisons see it: its words, their n-grams as hashes, and what makes it equal to another. */

/** Scripts that write no spaces: there each character counts as a word. */
const UNSPACED =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}'
const WORD = new RegExp(`[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+`, 'gu')

/** Letters and digits alone, NFKC, lower case. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(WORD) ?? []
}

/** Two texts with the same key are equal but for case and white space. */
export function equalityKey(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, '')
}

/** FNV-1a with a final mix. @returns an int32 */
function hashWord(word: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193)
  return mix(hash)
}

/** MurmurHash3's finalizer (A. Appleby, public domain). */
export function mix(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** Hashes of a text's words, for n-grams of any length. */
export class HashedWords {
  private readonly hashes: Int32Array

  constructor(words: readonly string[]) {
    this.hashes = Int32Array.from(words, hashWord)
  }

  /** Calls back with 64 bits for each n-gram: chance makes no two of a billion equal. */
  eachGram(n: number, visit: (high: number, low: number) => void): void {
    for (let start = 0; start + n <= this.hashes.length; start++) {
      let [high, low] = [n, 0x9e3779b9]
      for (let i = start; i < start + n; i++) {
        high = Math.imul(high ^ this.hashes[i]!, 0x9e3779b1)
        high ^= high >>> 15
        low = mix(low + this.hashes[i]!)
      }
      visit(mix(high), low)
    }
  }

  /** The different 3-grams, sorted; of a shorter text the text itself as one. */
  shingles(): Int32Array {
    const found = new Set<number>()
    this.eachGram(Math.min(3, this.hashes.length), (_, low) => found.add(low))
    return Int32Array.from(found).sort()
  }
}

/** Shared part of two sorted sets: |a ∩ b| / |a ∪ b|. */
export function jaccard(a: Int32Array, b: Int32Array): number {
  let shared = 0
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      shared++
      i++
      j++
    } else if (a[i]! < b[j]!) i++
    else j++
  }
  const union = a.length + b.length - shared
  return union === 0 ? 0 : shared / union
}
