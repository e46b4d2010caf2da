/**
 * Approximate randomisation (Noreen 1989): if both systems were equally good, each row's two outputs could be exchanged.
 * How often does exchanging them at random give a difference as large as the one seen?
 */
import { seededRandom } from '../../../shared/seededRandom'
import { DEFAULT_SEED } from '../bootstrap'

export interface RandomisationOptions {
  /** Default 10,000. */
  shuffles?: number
  seed?: number
}

export const DEFAULT_SHUFFLES = 10_000

/**
 * Two-sided probability, (c + 1)/(shuffles + 1).
 * @param difference of the two systems after exchanging the rows marked 1; the array is used again
 */
export function approximateRandomisation(
  rows: number,
  difference: (exchanged: Uint8Array) => number,
  { shuffles = DEFAULT_SHUFFLES, seed = DEFAULT_SEED }: RandomisationOptions = {},
): number {
  const random = seededRandom(seed)
  const exchanged = new Uint8Array(rows)
  const seen = Math.abs(difference(exchanged))
  let asLarge = 0
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    for (let row = 0; row < rows; row++) exchanged[row] = random() < 0.5 ? 1 : 0
    // Sums in another order may differ in their last bits.
    if (Math.abs(difference(exchanged)) >= seen - 1e-12 * Math.max(1, seen)) asLarge++
  }
  return (asLarge + 1) / (shuffles + 1)
}
