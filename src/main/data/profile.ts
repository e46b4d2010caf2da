/** A first look at a dataset: types, lengths, balance, duplicates, and which column seems to play which role. */
import { breathe } from '../../shared/breathe'
import type { ColumnProfile, DatasetProfile, Split } from '../../shared/domain/dataset'
import { ColumnTally } from './columnTally'
import { countDistinct, hashText, NumberList } from './numberList'
import type { StoredRow } from './file/schema'
import { suggestRoles } from './roles'
import { profileWarnings } from './profileWarnings'

export interface ProfileHooks {
  onProgress?: (done: number, total: number) => void
  signal?: AbortSignal
}

const ROWS_BETWEEN_BREATHS = 500

/**
 * @param rows all rows of a version, read once
 * @throws UserError('cancelled') on abort
 */
export async function profileRows(
  columns: readonly string[],
  rows: Iterable<StoredRow>,
  counts: Readonly<Record<Split, number>>,
  hooks: ProfileHooks = {},
): Promise<Omit<DatasetProfile, 'version'>> {
  const total = counts.train + counts.validation + counts.test
  const tallies = columns.map((name) => new ColumnTally(name))
  const hashes = new NumberList()
  let done = 0
  for (const { cells, split } of rows) {
    for (const tally of tallies) tally.add(cells[tally.name] ?? null, split)
    hashes.push(hashText(JSON.stringify(Object.values(cells))))
    if (++done % ROWS_BETWEEN_BREATHS === 0) {
      hooks.onProgress?.(done, total)
      await breathe(hooks.signal)
    }
  }
  const duplicates = done - countDistinct(hashes)
  const profiles: ColumnProfile[] = suggestRoles(tallies.map((tally) => tally.profile()))
  return { columns: profiles, duplicates, warnings: profileWarnings(profiles, counts, duplicates) }
}
