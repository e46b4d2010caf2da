/** SQLite files that are there whole or not at all: filled as a draft beside their place, synced, renamed into it. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { UserError } from '../../../shared/errors'

/** Ends the names of files that are being written. */
export const DRAFT_ENDING = '.draft'

export interface Sealed {
  /** How messages call what the file holds. */
  what: string
  /** What to do when the disk is full. */
  hint: string
}

/**
 * Writes the file through `fill`. Nothing is left behind if it fails; a file of that name is replaced.
 * @throws UserError('io'), or what `fill` throws
 */
export async function sealFile<T>(
  path: string,
  sealed: Sealed,
  fill: (db: Database.Database) => T | Promise<T>,
): Promise<T> {
  const draft = `${path}.${process.pid}${DRAFT_ENDING}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const db = new Database(draft)
    let result: T
    try {
      // The draft is worthless until it is renamed: no journal, no waiting for the disk before the end.
      db.pragma('journal_mode = OFF')
      db.pragma('synchronous = OFF')
      db.pragma('cache_size = -32000')
      result = await fill(db)
    } finally {
      db.close()
    }
    syncFile(draft)
    renameSync(draft, path)
    syncFile(dirname(path))
    return result
  } catch (error) {
    rmSync(draft, { force: true })
    throw asUserError(error, path, sealed)
  }
}

function syncFile(path: string): void {
  const isFolder = statSync(path).isDirectory()
  // Windows cannot sync a folder, and syncs a file only if it may write.
  if (process.platform === 'win32' && isFolder) return
  const descriptor = openSync(path, isFolder ? 'r' : 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function asUserError(error: unknown, path: string, { what, hint }: Sealed): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const where = { file: path }
  if (code === 'ENOSPC' || code === 'SQLITE_FULL')
    return new UserError('io', `The disk is full: the ${what} could not be written.`, {
      where,
      hint,
      cause: error,
    })
  if (['EACCES', 'EROFS', 'SQLITE_CANTOPEN', 'SQLITE_READONLY'].includes(code))
    return new UserError('io', `The ${what} cannot be written there.`, { where, cause: error })
  return error
}
