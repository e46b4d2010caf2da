/**
 * What a run is told of its data's leaks before it starts. The report was made when the version was, so asking costs
 * one query however large the data is.
 */
import { leakSentences } from '../../shared/domain/leaks'
import { UserError } from '../../shared/errors'
import type { DatasetVersionId } from '../../shared/ids'
import type { ReadableDB } from '../store/handles'
import { findProfile } from '../store/queries/datasets'

/** A sentence a pair of splits that share rows, then what to do; none where there are no leaks. */
export function leakNotes(db: ReadableDB, version: DatasetVersionId): string[] {
  const leaks = findProfile(db, version)?.leaks
  const sentences = leaks ? leakSentences(leaks) : []
  if (sentences.length === 0) return []
  return [
    ...sentences,
    `A version without them in train: tunesmith data leaks ${version} --remove exact,near`,
  ]
}

/** @throws UserError('bad-input') where held-out rows stand in another split */
export function assertNoLeaks(db: ReadableDB, version: DatasetVersionId): void {
  const notes = leakNotes(db, version)
  if (notes.length === 0) return
  throw new UserError('bad-input', notes.slice(0, -1).join(' '), {
    where: { field: 'dataset' },
    hint: notes.at(-1)!,
  })
}
