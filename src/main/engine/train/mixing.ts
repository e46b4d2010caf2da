/**
 * Mixup of sentence vectors (Guo et al. 2019, "Augmenting data with mixup for sentence classification", senMixup, after
 * Zhang et al. 2018): each row of a batch is mixed with a partner by one share a step. What is drawn is a pure function
 * of the seed and the step.
 */
import { permutation, PURPOSE, RandomStream } from '../random/stream'

export interface Mixing {
  /** What a row keeps of itself; its partner gives the rest. */
  share: number
  /** The partner of each row: a permutation, so every row is given once. */
  partners: Uint32Array
}

export function drawMixing(rows: number, alpha: number, seed: number, step: number): Mixing {
  const random = new RandomStream(seed, PURPOSE.mixing, step)
  return {
    share: beta(alpha, random),
    partners: permutation(rows, seed, PURPOSE.mixing, step, 1),
  }
}

/** Beta(a, a), from two gammas in logarithms: with a small a both may be too small for a float64. */
function beta(a: number, random: RandomStream): number {
  const [x, y] = [logGamma(a, random), logGamma(a, random)]
  return 1 / (1 + Math.exp(y - x))
}

/** The logarithm of a draw from Gamma(a, 1) (Marsaglia & Tsang 2000; below 1 by a draw of a + 1). */
function logGamma(a: number, random: RandomStream): number {
  if (a < 1) return logGamma(a + 1, random) + Math.log(1 - random.uniform()) / a
  const d = a - 1 / 3
  for (;;) {
    const [x] = random.normalPair()
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return Math.log(d * v)
  }
}
