/**
 * Clipped n-gram counts, shared by BLEU, chrF and ROUGE. Symbols (words of a vocabulary, code points) are integers; an
 * n-gram is the pair (id of its first n − 1 symbols, last symbol), so each order costs one map lookup a position.
 */

/** Gives each distinct word an integer. */
export class Vocabulary {
  private readonly ids = new Map<string, number>()

  encode(words: readonly string[]): number[] {
    return words.map((word) => {
      let id = this.ids.get(word)
      if (id === undefined) {
        id = this.ids.size
        this.ids.set(word, id)
      }
      return id
    })
  }
}

/** How many n-grams a sequence of that length has. */
export function ngramCount(length: number, order: number): number {
  return Math.max(0, length - order + 1)
}

/**
 * For each order 1 … maxOrder: Σ over distinct n-grams of the hypothesis of min(its count, its largest count in any one
 * reference).
 */
export function clippedMatches(
  hypothesis: readonly number[],
  references: readonly (readonly number[])[],
  maxOrder: number,
): number[] {
  const matches = new Array<number>(maxOrder).fill(0)
  const symbolIds = new Map<number, number>()
  const symbols = hypothesis.map((symbol) => {
    let id = symbolIds.get(symbol)
    if (id === undefined) symbolIds.set(symbol, (id = symbolIds.size))
    return id
  })
  const referenceSymbols = references.map((reference) =>
    reference.map((symbol) => symbolIds.get(symbol) ?? -1),
  )
  const grams = symbols.slice()
  const referenceGrams = referenceSymbols.map((reference) => reference.slice())
  let distinct = symbolIds.size
  for (let order = 1; order <= maxOrder; order++) {
    if (order > 1) {
      const ids = new PairIds(distinct, symbolIds.size)
      internGrams(grams, symbols, order, ids)
      for (const [r, reference] of referenceGrams.entries())
        findGrams(reference, referenceSymbols[r]!, order, ids)
      distinct = ids.size
    }
    const matched = countMatches(grams, referenceGrams, order, distinct)
    if (matched === 0) break
    matches[order - 1] = matched
  }
  return matches
}

/** Largest table of pairs that is allocated whole, in entries. */
const MAX_TABLE = 2 ** 16

/** Ids of pairs of ids: a table where there are few possible pairs, else a map. */
class PairIds {
  size = 0
  private readonly seconds: number
  /** 0 where a pair has no id, else the id + 1. */
  private readonly table: Int32Array | undefined
  private readonly map = new Map<number, number>()

  constructor(firsts: number, seconds: number) {
    this.seconds = seconds
    if (firsts * seconds <= MAX_TABLE) this.table = new Int32Array(firsts * seconds)
  }

  intern(first: number, second: number): number {
    const known = this.find(first, second)
    if (known >= 0) return known
    const key = first * this.seconds + second
    if (this.table) this.table[key] = ++this.size
    else this.map.set(key, ++this.size)
    return this.size - 1
  }

  /** −1 for a pair never interned. */
  find(first: number, second: number): number {
    const key = first * this.seconds + second
    return (this.table ? this.table[key]! : (this.map.get(key) ?? 0)) - 1
  }
}

/** Turns the ids of (order − 1)-grams of the hypothesis into those of order-grams, in place. */
function internGrams(grams: number[], symbols: readonly number[], order: number, ids: PairIds): void {
  for (let i = 0; i + order <= grams.length; i++) grams[i] = ids.intern(grams[i]!, symbols[i + order - 1]!)
}

/** The same for a reference; −1 is a gram the hypothesis lacks. */
function findGrams(grams: number[], symbols: readonly number[], order: number, ids: PairIds): void {
  for (let i = 0; i + order <= grams.length; i++) {
    const prefix = grams[i]!
    const last = symbols[i + order - 1]!
    grams[i] = prefix < 0 || last < 0 ? -1 : ids.find(prefix, last)
  }
}

function countMatches(
  grams: readonly number[],
  referenceGrams: readonly (readonly number[])[],
  order: number,
  distinct: number,
): number {
  const allowed = new Int32Array(distinct)
  for (const reference of referenceGrams) {
    const counts = referenceGrams.length === 1 ? allowed : new Int32Array(distinct)
    for (let i = 0; i + order <= reference.length; i++) {
      const gram = reference[i]!
      if (gram >= 0) counts[gram]!++
    }
    if (counts !== allowed) counts.forEach((count, gram) => (allowed[gram] = Math.max(allowed[gram]!, count)))
  }
  let matched = 0
  for (let i = 0; i + order <= grams.length; i++) {
    const gram = grams[i]!
    if (allowed[gram]! === 0) continue
    allowed[gram]!--
    matched++
  }
  return matched
}
