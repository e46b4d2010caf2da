/** Own entries: a database of the first schema gets the table, and every change is told to other processes. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import type { WritableDB } from '../../../src/main/store/handles'
import { migrate } from '../../../src/main/store/migrate'
import { first } from '../../../src/main/store/migrations/0010-first'
import { openStore } from '../../../src/main/store/open'
import { changesAfter } from '../../../src/main/store/queries/changes'
import {
  deleteOwnEntry,
  knowledgeTick,
  ownEntries,
  saveOwnEntry,
} from '../../../src/main/store/queries/knowledge'
import { temporaryFolder } from './temporary'

it('come with a migration, and changes are noted', () => {
  const file = join(temporaryFolder(), 'tunesmith.db')
  const old = new Database(file) as unknown as WritableDB
  migrate(old, [first])
  old.close()
  const db = openStore(file)
  saveOwnEntry(db, { id: 'a', source: 'one' }, 1)
  saveOwnEntry(db, { id: 'a', source: 'two' }, 2)
  expect(ownEntries(db)).toEqual([{ id: 'a', source: 'two' }])
  const before = knowledgeTick(db)
  expect(deleteOwnEntry(db, 'a')).toBe(true)
  expect(deleteOwnEntry(db, 'a')).toBe(false)
  expect(knowledgeTick(db)).toBeGreaterThan(before)
  expect(changesAfter(db, before)).toMatchObject([{ kind: 'knowledge', id: 'a', isGone: true }])
  db.close()
})
