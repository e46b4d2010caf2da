/** Random numbers that depend on a key alone: the same copy of a row gets the same ones in any order of work. */

/** What a copy's changes depend on. `step` is the place in the recipe. */
export interface DrawKey {
  seed: number
  row: number
  copy: number
  step: number
}

/** Mixes a word into a hash (MurmurHash3's block step, A. Appleby, public domain). */
function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51)
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
  const h = hash ^ k
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
}

/** A stream of draws: Mulberry32 (T. Ettinger, public domain) from the hash of a key. */
export class Draw {
  private state: number

  constructor({ seed, row, copy, step }: DrawKey) {
    let hash = 0x9747b28c
    for (const word of [seed, row, Math.floor(row / 2 ** 32), copy, step]) hash = mix(hash, word | 0)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    this.state = hash ^ (hash >>> 16)
  }

  /** A stream of its own. */
  fork(): Draw {
    return new Draw({ seed: this.below(2 ** 32), row: 0, copy: 0, step: 0 })
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number in [0, n). */
  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  chance(p: number): boolean {
    return this.next() < p
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items]
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      ;[result[i], result[j]] = [result[j]!, result[i]!]
    }
    return result
  }

  /** `count` different items, or all where there are fewer. */
  sample<T>(items: readonly T[], count: number): T[] {
    return count >= items.length ? this.shuffled(items) : this.shuffled(items).slice(0, count)
  }
}
