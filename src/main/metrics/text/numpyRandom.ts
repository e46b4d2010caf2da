/**
 * NumPy's default generator, as far as resampling needs it: PCG64 (O'Neill 2014, XSL-RR 128/64) seeded through
 * SeedSequence, and bounded integers by Lemire's method (2019), 32 bits at a time. `default_rng(seed).choice(n, size)`
 * gives the same rows, so a bootstrap here takes the resamples sacreBLEU takes.
 */
import { invariant } from '../../../shared/errors'

const WORD = 2 ** 32

/** 128 bits, lowest 32 first. */
type Words = Uint32Array

/** 0x2360ED051FC65DA44385DF649FCCF645 */
const MULTIPLIER: Words = Uint32Array.of(0x9fccf645, 0x4385df64, 0x1fc65da4, 0x2360ed05)

export class NumpyRandom {
  private readonly state: Words = new Uint32Array(4)
  private readonly increment: Words
  private readonly scratch: Words = new Uint32Array(4)
  /** The upper half of the last 64 bits, not yet handed out. */
  private spare: number | undefined

  /** @param seed a whole number from 0 to 2³² − 1 */
  constructor(seed: number) {
    invariant(Number.isInteger(seed) && seed >= 0 && seed < WORD, `seed ${seed}`)
    const words = seedSequence(seed)
    const start = Uint32Array.of(words[2]!, words[3]!, words[0]!, words[1]!)
    const stream = Uint32Array.of(words[6]!, words[7]!, words[4]!, words[5]!)
    this.increment = stream.map((word, i) => (word << 1) | (i === 0 ? 1 : stream[i - 1]! >>> 31))
    this.step()
    addInto(this.state, start)
    this.step()
  }

  /** A whole number from 0 to bound − 1, each as likely; bound below 2³². */
  integer(bound: number): number {
    const threshold = (WORD - bound) % bound
    for (;;) {
      const word = this.uint32()
      const low = Math.imul(word, bound) >>> 0
      if (low >= threshold) return highWord(word, bound)
    }
  }

  private uint32(): number {
    if (this.spare !== undefined) {
      const word = this.spare
      this.spare = undefined
      return word
    }
    this.step()
    const low = this.state[0]! ^ this.state[2]!
    const high = this.state[1]! ^ this.state[3]!
    const rotation = this.state[3]! >>> 26
    const a = rotation < 32 ? low : high
    const b = rotation < 32 ? high : low
    const shift = rotation & 31
    this.spare = (shift === 0 ? b : (b >>> shift) | (a << (32 - shift))) >>> 0
    return (shift === 0 ? a : (a >>> shift) | (b << (32 - shift))) >>> 0
  }

  private step(): void {
    const product = this.scratch.fill(0)
    for (let i = 0; i < 4; i++) {
      let carry = 0
      for (let j = 0; i + j < 4; j++) {
        const x = this.state[i]!
        const y = MULTIPLIER[j]!
        const sum = product[i + j]! + (Math.imul(x, y) >>> 0) + carry
        product[i + j] = sum
        carry = highWord(x, y) + (sum >= WORD ? (sum >= 2 * WORD ? 2 : 1) : 0)
      }
    }
    this.state.set(product)
    addInto(this.state, this.increment)
  }
}

/** The upper 32 bits of a 64-bit product. */
function highWord(x: number, y: number): number {
  const low = x * (y & 0xffff)
  return Math.floor((x * (y >>> 16) + Math.floor(low / 65536)) / 65536)
}

function addInto(target: Words, other: Words): void {
  let carry = 0
  for (let i = 0; i < 4; i++) {
    const sum = target[i]! + other[i]! + carry
    target[i] = sum
    carry = sum >= WORD ? 1 : 0
  }
}

/** NumPy's SeedSequence(seed).generate_state(8), after O'Neill's seed_seq_fe. */
function seedSequence(seed: number): Uint32Array {
  let constant = 0x43b0d7e5
  const hash = (value: number): number => {
    const mixed = value ^ constant
    constant = Math.imul(constant, 0x931e8875)
    const product = Math.imul(mixed, constant)
    return product ^ (product >>> 16)
  }
  const pool = [seed, 0, 0, 0].map(hash)
  for (let source = 0; source < 4; source++)
    for (let target = 0; target < 4; target++) {
      if (source === target) continue
      const mixed = Math.imul(0xca01f9dd, pool[target]!) - Math.imul(0x4973f715, hash(pool[source]!))
      pool[target] = mixed ^ ((mixed | 0) >>> 16)
    }
  let output = 0x8b51f9dd
  return Uint32Array.from({ length: 8 }, (_, i) => {
    const mixed = pool[i % 4]! ^ output
    output = Math.imul(output, 0x58f38ded)
    const product = Math.imul(mixed, output)
    return product ^ (product >>> 16)
  })
}
