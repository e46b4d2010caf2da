/** Independent uniform draws (Bergstra and Bengio 2012). */
import { randomStream } from '../random'
import { complete, uniformValue, type Sampler } from './sampler'

const PURPOSE = 1

export function randomSampler(seed: number): Sampler {
  return {
    suggest({ space }, number) {
      const random = randomStream(seed, PURPOSE, number)
      return complete(space, {}, (_, distribution) => uniformValue(distribution, random))
    },
  }
}
