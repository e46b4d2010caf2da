/**
 * The stop rule "no improvement expected": a Gaussian process over the trials expects the next one to gain less than a
 * tenth of the noise it sees between like trials. After Makarova et al. 2022, with expected improvement for the regret.
 */
import { bestExpectedGain } from './samplers/gp'
import { completeTrials, type History } from './history'

const LEAST_TRIALS = 20
const SHARE_OF_NOISE = 0.1

/** The reason to stop in a sentence; null where it is worth going on. */
export function noImprovementExpected(history: History, seed: number): string | null {
  if (completeTrials(history).length < LEAST_TRIALS) return null
  const found = bestExpectedGain(history, seed)
  if (!found || found.gain > SHARE_OF_NOISE * found.noise) return null
  return (
    `No improvement expected: the next trial would gain ${found.gain.toExponential(1)} on average, ` +
    `and like trials differ by ${found.noise.toExponential(1)}.`
  )
}
