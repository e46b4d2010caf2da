/**
 * Counter-based random numbers: every draw is a pure function of a key and an index, so that a resumed run
 * draws what it would have drawn. The mixer is the one of the dropout kernel (kernels.as.ts).
 */

/** 32 well-mixed bits of 32 bits. */
export function hash32(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}

/** A key of any number of integers: seed, purpose, step, layer … */
export function randomKey(...parts: readonly number[]): number {
  let key = 0x9e3779b9
  for (const part of parts) {
    key = hash32((key + (part >>> 0)) | 0)
    key = hash32((key ^ Math.floor(part / 2 ** 32)) | 0)
  }
  return key
}

/** A key of a name, as a parameter's. */
export function nameKey(name: string): number {
  let key = 0
  for (let i = 0; i < name.length; i++) key = hash32((key + name.charCodeAt(i)) | 0)
  return key
}

/** What a stream of random numbers is for; keys of different purposes never meet. */
export const PURPOSE = {
  order: 1,
  dropout: 2,
  weights: 3,
  masking: 4,
  heldOutMasking: 5,
  embeddingNoise: 6,
  mixing: 7,
} as const

export class RandomStream {
  readonly #key: number
  #index = 0

  constructor(...key: readonly number[]) {
    this.#key = randomKey(...key)
  }

  /** 32 random bits. */
  next(): number {
    return hash32((hash32(this.#index++) ^ this.#key) | 0)
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return ((this.next() >>> 5) * 2 ** 26 + (this.next() >>> 6)) / 2 ** 53
  }

  /** Uniform integer in [0, n), n ≤ 2³², without bias (Lemire's rejection by threshold). */
  below(n: number): number {
    const limit = 2 ** 32 - (2 ** 32 % n)
    for (;;) {
      const x = this.next()
      if (x < limit) return x % n
    }
  }

  /** Two independent standard normal numbers (Box–Muller). */
  normalPair(): [number, number] {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    const angle = 2 * Math.PI * this.uniform()
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  }
}

/** A permutation of 0..n-1 (Fisher–Yates): a pure function of n and the key. */
export function permutation(n: number, ...key: readonly number[]): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  const random = new RandomStream(...key)
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}
