/**
 * Sobol's low-discrepancy sequence (Gray-code order of Antonov and Saleev), scrambled by a digital shift after a random
 * linear matrix scramble (Matoušek 1998) as in SciPy's `qmc.Sobol`. Point i is computed on its own: nothing is kept.
 */
import { invariant } from '../../../shared/errors'
import type { Random } from '../random'
import { DIRECTION_NUMBERS } from './directionNumbers'

const BITS = 30
const SCALE = 2 ** -BITS

export const MOST_DIMENSIONS = DIRECTION_NUMBERS.length

export class Sobol {
  /** [dimensions][BITS]: direction numbers, most significant bit first. */
  private readonly directions: Uint32Array[]
  private readonly shifts: Uint32Array

  /** @param scramble null for the plain sequence, which starts at the origin */
  constructor(dimensions: number, scramble: Random | null) {
    invariant(dimensions <= MOST_DIMENSIONS, `Sobol's sequence has ${MOST_DIMENSIONS} dimensions here`)
    const plain = DIRECTION_NUMBERS.slice(0, dimensions).map(directionsOf)
    this.directions = scramble ? plain.map((own) => scrambled(own, scramble)) : plain
    this.shifts = Uint32Array.from(plain, () => (scramble ? Math.floor(scramble() * 2 ** BITS) : 0))
  }

  /** Coordinates of point `index` (from 0), each in [0, 1). */
  at(index: number): Float64Array {
    const gray = (index ^ (index >>> 1)) >>> 0
    return Float64Array.from(this.directions, (own, d) => {
      let bits = this.shifts[d]!
      for (let b = 0; gray >>> b !== 0; b++) if ((gray >>> b) & 1) bits ^= own[b]!
      return (bits >>> 0) * SCALE
    })
  }
}

function directionsOf([polynomial = 1, ...initial]: readonly number[], dimension: number): Uint32Array {
  const values = new Uint32Array(BITS).fill(1)
  const degree = 31 - Math.clz32(polynomial)
  if (dimension > 0)
    for (let b = 0; b < BITS; b++) {
      if (b < degree) {
        values[b] = initial[b]!
        continue
      }
      let next = values[b - degree]!
      for (let k = 1; k <= degree; k++) if ((polynomial >>> (degree - k)) & 1) next ^= values[b - k]! << k
      values[b] = next
    }
  return values.map((value, b) => value << (BITS - 1 - b))
}

/** Multiplies by a random lower triangular matrix over GF(2), ones on its diagonal. */
function scrambled(directions: Uint32Array, random: Random): Uint32Array {
  const rows = Uint32Array.from({ length: BITS }, (_, r) => {
    const diagonal = 2 ** (BITS - 1 - r)
    const above = Math.floor(random() * 2 ** r) * 2 ** (BITS - r)
    return diagonal + above
  })
  return directions.map((value) => {
    let result = 0
    rows.forEach((row, r) => {
      if (parity(value & row)) result |= 1 << (BITS - 1 - r)
    })
    return result
  })
}

function parity(bits: number): number {
  let x = bits
  for (const shift of [16, 8, 4, 2, 1]) x ^= x >>> shift
  return x & 1
}
