/** Deals rows into training, validation and test: at random or stratified by a column, the same for the same seed. */
import { UserError } from '../../shared/errors'
import type { Split } from '../../shared/domain/dataset'
import { shuffle } from './random'
import { seededRandom } from '../../shared/seededRandom'

export interface SplitShares {
  validation: number
  test: number
}

/**
 * @param strata a row's stratum (its label's number), or null to deal all rows as one
 * @returns for each row its split
 * @throws UserError('bad-input') if a split that was asked for, or the training split, would be empty
 */
export function dealRows(
  rowCount: number,
  shares: SplitShares,
  seed: number,
  strata: ArrayLike<number> | null = null,
): Split[] {
  if (shares.validation + shares.test >= 1) {
    throw new UserError('bad-config', 'Validation and test take all the rows: none are left to train on.', {
      where: { field: 'split' },
    })
  }
  const random = seededRandom(seed)
  const splits = new Array<Split>(rowCount).fill('train')
  const groups = groupRows(rowCount, strata)
  const validation = portions(groups, shares.validation)
  const test = portions(groups, shares.test)
  groups.forEach((rows, g) => {
    shuffle(rows, random)
    rows.slice(0, test[g]).forEach((row) => (splits[row] = 'test'))
    rows.slice(test[g], test[g]! + validation[g]!).forEach((row) => (splits[row] = 'validation'))
  })
  for (const [split, share] of [
    ['validation', shares.validation],
    ['test', shares.test],
  ] as const) {
    if (share > 0 && !splits.includes(split)) throw tooFew(rowCount, split)
  }
  if (!splits.includes('train')) throw tooFew(rowCount, 'train')
  return splits
}

function tooFew(rowCount: number, split: Split): UserError {
  return new UserError('bad-input', `${rowCount} rows are too few: the ${split} split would be empty.`, {
    hint: 'Import more rows, or change the shares.',
  })
}

function groupRows(rowCount: number, strata: ArrayLike<number> | null): number[][] {
  const groups = new Map<number, number[]>()
  for (let row = 0; row < rowCount; row++) {
    const stratum = strata ? strata[row]! : 0
    const group = groups.get(stratum)
    if (group) group.push(row)
    else groups.set(stratum, [row])
  }
  return [...groups.entries()].sort((a, b) => a[0] - b[0]).map(([, rows]) => rows)
}

/** Whole numbers near share × size of each group that add up to share × all (largest remainders). */
function portions(groups: readonly number[][], share: number): number[] {
  const total = groups.reduce((sum, rows) => sum + rows.length, 0)
  const exact = groups.map((rows) => rows.length * share)
  const counts = exact.map(Math.floor)
  let missing = Math.round(total * share) - counts.reduce((a, b) => a + b, 0)
  if (share > 0 && total > 1 && missing === 0 && counts.every((count) => count === 0)) missing = 1
  const byRemainder = exact.map((_, g) => g).sort((a, b) => remainder(b) - remainder(a) || a - b)
  for (const g of byRemainder) {
    if (missing <= 0) break
    // A group keeps at least one row to train on.
    if (counts[g]! + 1 < groups[g]!.length) {
      counts[g]!++
      missing--
    }
  }
  return counts

  function remainder(g: number): number {
    return exact[g]! - Math.floor(exact[g]!)
  }
}
