/**
 * Brings a database to the newest schema: all pending migrations in one exclusive transaction, after a copy of the
 * file was put into backups/. Written by a newer Tunesmith: refused. A failure changes nothing.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UserError, invariant } from '../../shared/errors'
import type { WritableDB } from './handles'

export interface Migration {
  /** Grows in steps of ten; becomes the file's user_version. */
  version: number
  name: string
  up(db: WritableDB): void
}

/** 'TUNE' in ASCII: marks the file as ours (PRAGMA application_id). */
const APPLICATION_ID = 0x54554e45
const KEPT_BACKUPS = 3

export function migrate(db: WritableDB, migrations: readonly Migration[]): void {
  assertOrdered(migrations)
  const newest = migrations.at(-1)?.version ?? 0
  const before = versionOf(db, newest)
  if (before === newest) return
  if (before > 0) backUp(db, before)
  db.transaction(() => {
    // Another process may have migrated while this one waited for the lock.
    const current = versionOf(db, newest)
    for (const migration of migrations) if (migration.version > current) migration.up(db)
    const broken = db.pragma('foreign_key_check') as unknown[]
    invariant(broken.length === 0, `a migration left ${broken.length} rows with dangling references`)
    db.pragma(`user_version = ${newest}`)
    db.pragma(`application_id = ${APPLICATION_ID}`)
  }).exclusive()
}

function versionOf(db: WritableDB, newest: number): number {
  const version = db.pragma('user_version', { simple: true }) as number
  const owner = db.pragma('application_id', { simple: true }) as number
  const where = { file: db.name }
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
  if (owner !== APPLICATION_ID && tables > 0)
    throw new UserError('corrupt', 'This file is not a Tunesmith database.', {
      where,
      hint: 'Choose another data folder with --home or TUNESMITH_HOME.',
    })
  if (version > newest)
    throw new UserError(
      'newer-version',
      `The data folder was written by a newer Tunesmith (schema ${version}; this one knows ${newest}).`,
      { where, hint: 'Update Tunesmith, or choose another data folder with --home or TUNESMITH_HOME.' },
    )
  return version
}

/** Copies the database with VACUUM INTO, a consistent snapshot whatever other processes do. */
function backUp(db: WritableDB, version: number): void {
  const folder = join(dirname(db.name), 'backups')
  mkdirSync(folder, { recursive: true })
  const stem = `${basename(db.name, '.db')}-schema${version}-`
  const file = join(folder, `${stem}${Date.now()}.db`)
  if (existsSync(file)) return
  db.prepare('VACUUM INTO ?').run(file)
  const older = readdirSync(folder)
    .filter((name) => name.startsWith(basename(db.name, '.db')))
    .sort((a, b) => stampOf(a) - stampOf(b))
  for (const name of older.slice(0, -KEPT_BACKUPS)) rmSync(join(folder, name))
}

/** When a backup was made, by its name. */
export function stampOf(name: string): number {
  return Number(/-(\d+)\.db$/.exec(name)?.[1] ?? 0)
}

function assertOrdered(migrations: readonly Migration[]): void {
  migrations.forEach((migration, i) => {
    const previous = migrations[i - 1]?.version ?? 0
    invariant(migration.version > previous, `migration ${migration.name} is out of order`)
    invariant(migration.version % 10 === 0, `migration ${migration.name} is not a multiple of ten`)
  })
}
