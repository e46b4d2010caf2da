/** SQLite's result codes as sentences for a person; anything unknown stays the bug it is. */
import Database from 'better-sqlite3'
import { UserError } from '../../shared/errors'

export function storeError(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const code = error.code
  const where = { file }
  const startsWith = (...families: string[]) => families.some((family) => code.startsWith(family))
  if (startsWith('SQLITE_CORRUPT', 'SQLITE_NOTADB'))
    return new UserError('corrupt', 'The database of the studio is damaged and cannot be read.', {
      where,
      hint: 'Start Tunesmith again: a file it cannot read then is moved aside, and the newest backup takes its place.',
      cause: error,
    })
  if (startsWith('SQLITE_FULL'))
    return new UserError('io', 'The disk is full: the database could not be written.', {
      where,
      hint: 'Free some space, then try again; what was saved before is intact.',
      cause: error,
    })
  if (startsWith('SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_PERM'))
    return new UserError('io', 'The database cannot be opened for writing.', {
      where,
      hint: 'Check the permissions of its folder, or choose another folder with --home or TUNESMITH_HOME.',
      cause: error,
    })
  if (startsWith('SQLITE_IOERR'))
    return new UserError('io', 'The disk reported an error while the database was used.', {
      where,
      hint: 'Check the disk and its free space, then try again.',
      cause: error,
    })
  if (startsWith('SQLITE_BUSY', 'SQLITE_LOCKED'))
    return new UserError('conflict', 'Another Tunesmith process keeps the database locked.', {
      where,
      hint: 'Wait until it is done, or close it, then try again.',
      cause: error,
    })
  return error
}
