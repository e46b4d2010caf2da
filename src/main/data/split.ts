/** Deals rows into training, validation and test: the same for the same seed. */
import { UserError } from '../../shared/errors'
import type { CellValue, Split } from '../../shared/domain/dataset'
import type { SplitRule } from '../../shared/ipc/datasets'
import { shuffle } from './random'
import { seededRandom } from '../../shared/seededRandom'

interface SplitShares {
  validation: number
  test: number
}

/** The values of a column: those that differ, and which of them each row has. */
export interface ColumnValues {
  different: readonly CellValue[]
  rows: readonly number[]
}

/**
 * @param values of the column that the rule names, null where it names none
 * @throws UserError('bad-input' | 'bad-config') if a split would be empty, or a time cannot be read
 */
export function dealBy(rule: SplitRule, rowCount: number, values: ColumnValues | null): Split[] {
  if ([rule.groupBy, rule.timeBy, rule.stratifyBy ?? undefined].filter((by) => by !== undefined).length > 1)
    throw new UserError('bad-config', 'Rows are split by group, by time or stratified, not by two of them.', {
      where: { field: 'split' },
    })
  if (values && rule.groupBy !== undefined) return checked(dealGroups(rule, values), rule)
  if (values && rule.timeBy !== undefined) return checked(dealByTime(rule, values), rule)
  return dealRows(rowCount, rule, rule.seed, values?.rows ?? null)
}

/** Whole groups, in an order drawn by the seed, until a split has its share of rows; rows without a group stay alone. */
function dealGroups(rule: SplitRule, { different, rows }: ColumnValues): Split[] {
  const groups = new Map<number, number[]>()
  rows.forEach((value, row) => {
    const isAlone = different[value] === null || different[value] === ''
    const key = isAlone ? -1 - row : value
    groups.set(key, [...(groups.get(key) ?? []), row])
  })
  const splits = new Array<Split>(rows.length).fill('train')
  const order = [...groups.values()]
  shuffle(order, seededRandom(rule.seed))
  const left = { test: rule.test * rows.length, validation: rule.validation * rows.length }
  for (const group of order) {
    // The nearest to its share: a group goes where at least half of it still fits.
    const split = (['test', 'validation'] as const).find((name) => left[name] >= group.length / 2)
    if (!split) continue
    left[split] -= group.length
    for (const row of group) splits[row] = split
  }
  return splits
}

/** The latest rows are test, those before them validation; rows of one moment are never on two sides. */
function dealByTime(rule: SplitRule, { different, rows }: ColumnValues): Split[] {
  const times = different.map((value) => timeOf(value, rule.timeBy!))
  const order = rows.map((_, row) => row).sort((a, b) => times[rows[a]!]! - times[rows[b]!]! || a - b)
  const splits = new Array<Split>(rows.length).fill('train')
  const cut = (share: number): number => {
    let at = rows.length - Math.round(share * rows.length)
    const time = (index: number) => times[rows[order[index]!]!]
    while (at > 0 && at < rows.length && time(at) === time(at - 1)) at--
    return at
  }
  const test = cut(rule.test)
  const validation = cut(rule.test + rule.validation)
  for (const [i, row] of order.entries())
    if (i >= test) splits[row] = 'test'
    else if (i >= validation) splits[row] = 'validation'
  return splits
}

/** A number, or a date as ISO 8601 has it. @throws UserError('bad-input') naming what is neither */
function timeOf(value: CellValue, column: string): number {
  const time =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== ''
        ? Number.isFinite(Number(value))
          ? Number(value)
          : Date.parse(value)
        : NaN
  if (Number.isFinite(time)) return time
  throw new UserError('bad-input', `${JSON.stringify(value)} in "${column}" is no time.`, {
    where: { field: column },
    hint: 'Every row needs a number or a date as 2026-05-31 or 2026-05-31T12:00:00Z.',
  })
}

function checked(splits: Split[], shares: SplitShares): Split[] {
  assertRoomToTrain(shares)
  assertFilled(splits, shares)
  return splits
}

/**
 * @param strata a row's stratum (its label's number), or null to deal all rows as one
 * @returns for each row its split
 * @throws UserError('bad-input') if a split that was asked for, or the training split, would be empty
 */
function dealRows(
  rowCount: number,
  shares: SplitShares,
  seed: number,
  strata: ArrayLike<number> | null = null,
): Split[] {
  assertRoomToTrain(shares)
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
  assertFilled(splits, shares)
  return splits
}

function assertRoomToTrain({ validation, test }: SplitShares): void {
  if (validation + test < 1) return
  throw new UserError('bad-config', 'Validation and test take all the rows: none are left to train on.', {
    where: { field: 'split' },
  })
}

function assertFilled(splits: readonly Split[], shares: SplitShares): void {
  for (const split of ['validation', 'test'] as const)
    if (shares[split] > 0 && !splits.includes(split)) throw tooFew(splits.length, split)
  if (!splits.includes('train')) throw tooFew(splits.length, 'train')
}

function tooFew(rowCount: number, split: Split): UserError {
  return new UserError(
    'bad-input',
    `${rowCount} rows are too few to deal: the ${split} split would be empty.`,
    {
      hint: 'Import more rows, change the shares, or split by another column.',
    },
  )
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
