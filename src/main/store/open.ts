/**
 * Opens the studio's one database. Several processes (window, command lines) share it: write-ahead log, a busy
 * timeout, and full synchronisation so that a committed row survives a power cut.
 */
import Database from 'better-sqlite3'
import { UserError } from '../../shared/errors'
import type { ReadableDB, WritableDB } from './handles'
import { oneRow } from './handles'
import { migrate } from './migrate'
import { migrations } from './migrations/index'
import { storeError } from './storeError'

/** Two connections that check-point at once could corrupt the file before this version (WAL-reset bug). */
const OLDEST_SQLITE = [3, 51, 3] as const
const BUSY_TIMEOUT_MS = 5000

/** Opens, brings the schema up to date and returns the writer. @throws UserError worded for the user. */
export function openStore(file: string): WritableDB {
  const db = connect(file, false) as WritableDB
  try {
    assertSqliteVersion(db)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    if (process.platform === 'darwin') db.pragma('fullfsync = 1')
    migrate(db, migrations)
    return db
  } catch (error) {
    db.close()
    throw storeError(error, file)
  }
}

/** A connection that cannot write, for queries beside the writer and for watching other processes. */
export function openReader(file: string): ReadableDB {
  return connect(file, true) as ReadableDB
}

export function closeStore(db: WritableDB): void {
  if (!db.open) return
  db.pragma('optimize')
  db.close()
}

export function sqliteVersion(db: ReadableDB): string {
  return oneRow<{ version: string }>(db, 'SELECT sqlite_version() AS version')!.version
}

function connect(file: string, readonly: boolean): Database.Database {
  try {
    const db = new Database(file, { readonly, fileMustExist: readonly, timeout: BUSY_TIMEOUT_MS })
    db.pragma('trusted_schema = OFF')
    db.pragma('temp_store = MEMORY')
    if (readonly) db.pragma('query_only = ON')
    return db
  } catch (error) {
    if (error instanceof TypeError && error.message.includes('directory does not exist'))
      throw new UserError('io', 'The data folder does not exist.', { where: { file }, cause: error })
    throw storeError(error, file)
  }
}

function assertSqliteVersion(db: ReadableDB): void {
  const version = sqliteVersion(db)
  const parts = version.split('.').map(Number)
  for (const [i, least] of OLDEST_SQLITE.entries()) {
    const part = parts[i] ?? 0
    if (part > least) return
    if (part < least)
      throw new UserError(
        'environment',
        `SQLite ${version} is too old; ${OLDEST_SQLITE.join('.')} is needed.`,
        {
          hint: 'Run the set-up again so that the bundled SQLite is used.',
        },
      )
  }
}
