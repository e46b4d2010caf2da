/** Quasi-Monte Carlo: points of a scrambled Sobol sequence, which fill the space evenly (Bergstra and Bengio 2012). */
import { UserError } from '../../../shared/errors'
import { MOST_DIMENSIONS, Sobol } from '../math/sobol'
import { randomStream } from '../random'
import { complete, valueAt, type Sampler } from './sampler'

export interface QmcOptions {
  /** Randomizes the sequence without losing its evenness. */
  scramble: boolean
}

const PURPOSE = 4

export function qmcSampler(seed: number, { scramble }: QmcOptions): Sampler {
  return {
    suggest({ space }, number) {
      const names = Object.keys(space)
      if (names.length > MOST_DIMENSIONS)
        throw new UserError('bad-config', `Sobol's sequence covers ${MOST_DIMENSIONS} parameters.`, {
          where: { field: 'space' },
          hint: 'Vary fewer parameters, or use another sampler.',
        })
      const point = new Sobol(names.length, scramble ? randomStream(seed, PURPOSE) : null).at(number)
      return complete(space, {}, (name, distribution) => valueAt(distribution, point[names.indexOf(name)]!))
    },
  }
}
