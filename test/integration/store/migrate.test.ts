/** Opening and migrating real files: backups, newer versions, foreign files, damage. */
import { readdirSync, writeFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/shared/errors'
import { change, oneRow, type WritableDB } from '../../../src/main/store/handles'
import { migrate, type Migration } from '../../../src/main/store/migrate'
import { migrations } from '../../../src/main/store/migrations/index'
import { openReader, openStore } from '../../../src/main/store/open'
import { temporaryFolder } from './temporary'

const newest = migrations.at(-1)!.version
const note: Migration = {
  version: newest + 10,
  name: 'note',
  up: (db) => void db.exec('CREATE TABLE note (text TEXT NOT NULL) STRICT'),
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof UserError) return error.code
    throw error
  }
  return undefined
}

describe('a new database', () => {
  it('has every migration, write-ahead log, full synchronisation and foreign keys', () => {
    const db = openStore(join(temporaryFolder(), 'tunesmith.db'))
    expect({
      version: db.pragma('user_version', { simple: true }),
      journal: db.pragma('journal_mode', { simple: true }),
      synchronous: db.pragma('synchronous', { simple: true }),
      foreignKeys: db.pragma('foreign_keys', { simple: true }),
      trustedSchema: db.pragma('trusted_schema', { simple: true }),
    }).toEqual({ version: newest, journal: 'wal', synchronous: 2, foreignKeys: 1, trustedSchema: 0 })
    db.close()
  })

  it('cannot be written through a reader', () => {
    const file = join(temporaryFolder(), 'tunesmith.db')
    const db = openStore(file)
    const reader = openReader(file)
    expect(codeOf(() => change(reader as WritableDB, "INSERT INTO settings VALUES ('a', '1')"))).toBe('io')
    reader.close()
    db.close()
  })
})

describe('migrating', () => {
  it('keeps the data and a copy of the file as it was', () => {
    const folder = temporaryFolder()
    const file = join(folder, 'tunesmith.db')
    const db = openStore(file)
    change(db, "INSERT INTO settings (key, value_json) VALUES ('theme', '\"dark\"')")
    migrate(db, [...migrations, note])
    expect(db.pragma('user_version', { simple: true })).toBe(note.version)
    expect(oneRow(db, 'SELECT key, value_json FROM settings')).toEqual({ key: 'theme', value_json: '"dark"' })
    db.close()
    const [backup] = readdirSync(join(folder, 'backups'))
    const copy = new Database(join(folder, 'backups', backup!), { readonly: true })
    expect(copy.pragma('user_version', { simple: true })).toBe(newest)
    expect(copy.prepare('SELECT count(*) FROM settings').pluck().get()).toBe(1)
    copy.close()
  })

  it('changes nothing when one of several pending migrations fails', () => {
    const db = openStore(join(temporaryFolder(), 'tunesmith.db'))
    const broken: Migration = {
      version: note.version + 10,
      name: 'broken',
      up: () => {
        throw new Error('no')
      },
    }
    expect(() => migrate(db, [...migrations, note, broken])).toThrow('no')
    expect(db.pragma('user_version', { simple: true })).toBe(newest)
    expect(oneRow(db, "SELECT count(*) AS n FROM sqlite_schema WHERE name = 'note'")).toEqual({ n: 0 })
    db.close()
  })

  it('refuses a database of a newer version with a sentence', () => {
    const file = join(temporaryFolder(), 'tunesmith.db')
    const db = openStore(file)
    db.pragma(`user_version = ${newest + 90}`)
    db.close()
    expect(() => openStore(file)).toThrow(/newer Tunesmith/)
    expect(codeOf(() => openStore(file))).toBe('newer-version')
  })

  it('refuses migrations that are out of order', () => {
    const db = openStore(join(temporaryFolder(), 'tunesmith.db'))
    expect(() => migrate(db, [note, ...migrations])).toThrow(/out of order/)
    db.close()
  })
})

describe('a file that is no database of ours', () => {
  it('is refused and left as it is when damaged', () => {
    const file = join(temporaryFolder(), 'tunesmith.db')
    writeFileSync(file, 'x'.repeat(8192))
    expect(codeOf(() => openStore(file))).toBe('corrupt')
    expect(readFileSync(file, 'utf8')).toBe('x'.repeat(8192))
  })

  it('is refused when another program wrote it', () => {
    const file = join(temporaryFolder(), 'tunesmith.db')
    const other = new Database(file)
    other.exec('CREATE TABLE theirs (a)')
    other.close()
    expect(codeOf(() => openStore(file))).toBe('corrupt')
  })

  it('is refused when a page in the middle is damaged', () => {
    const file = join(temporaryFolder(), 'tunesmith.db')
    openStore(file).close()
    const bytes = readFileSync(file)
    bytes.fill(0xff, 4096, bytes.length)
    writeFileSync(file, bytes)
    const use = () => {
      const db = openStore(file)
      try {
        return oneRow(db, 'SELECT count(*) FROM runs JOIN settings')
      } finally {
        db.close()
      }
    }
    expect(codeOf(use)).toBe('corrupt')
  })

  it('names the folder that is missing', () => {
    const file = join(temporaryFolder(), 'missing', 'tunesmith.db')
    expect(codeOf(() => openStore(file))).toBe('io')
    expect(existsSync(file)).toBe(false)
  })

  it('names a folder in the place of the file', () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'tunesmith.db'))
    expect(codeOf(() => openStore(join(folder, 'tunesmith.db')))).toBe('io')
  })
})
