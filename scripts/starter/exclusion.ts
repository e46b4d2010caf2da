/** Finds texts that say what a known text says: equal once normalised, or nearly the same words. */

/** Share of all their words that two texts have in common (Jaccard) from which they are near-duplicates. */
export const NEAR_DUPLICATE = 0.8

/** Lower case, letters and digits only, one space between words. */
function normalise(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

export class KnownTexts {
  readonly #exact = new Set<string>()
  readonly #texts: ReadonlySet<string>[] = []
  /** Word → texts that have it among their rarest. */
  readonly #byWord = new Map<string, number[]>()
  readonly #frequency = new Map<string, number>()

  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const normal = normalise(text)
      this.#exact.add(normal)
      const words = new Set(normal.split(' '))
      this.#texts.push(words)
      for (const word of words) this.#frequency.set(word, (this.#frequency.get(word) ?? 0) + 1)
    }
    for (const [index, words] of this.#texts.entries())
      for (const word of this.#prefix(words)) {
        const members = this.#byWord.get(word)
        if (members) members.push(index)
        else this.#byWord.set(word, [index])
      }
  }

  match(text: string): 'exact' | 'near' | null {
    const normal = normalise(text)
    if (this.#exact.has(normal)) return 'exact'
    const words = new Set(normal.split(' '))
    const candidates = new Set(this.#prefix(words).flatMap((word) => this.#byWord.get(word) ?? []))
    for (const candidate of candidates)
      if (jaccard(words, this.#texts[candidate]!) >= NEAR_DUPLICATE) return 'near'
    return null
  }

  /**
   * The rarest words of a set: two sets that share as many words as asked for share one of these
   * (prefix filtering, Chaudhuri et al. 2006).
   */
  #prefix(words: ReadonlySet<string>): string[] {
    const frequency = (word: string) => this.#frequency.get(word) ?? 0
    const rarestFirst = [...words].sort((a, b) => frequency(a) - frequency(b) || (a < b ? -1 : a > b ? 1 : 0))
    return rarestFirst.slice(0, words.size - Math.ceil(NEAR_DUPLICATE * words.size) + 1)
  }
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0
  for (const word of a) if (b.has(word)) common++
  return common / (a.size + b.size - common)
}
