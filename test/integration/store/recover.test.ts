/** A damaged database is moved aside whole, and the newest backup that can be read takes its place. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { change, oneRow, type WritableDB } from '../../../src/main/store/handles'
import { openStore } from '../../../src/main/store/open'
import { openOrRecover } from '../../../src/main/store/recover'
import { tunesmith } from '../cli/terminal'
import { temporaryFolder } from './temporary'

const AT = Date.UTC(2024, 4, 6, 7, 8)
const GARBAGE = 'x'.repeat(8192)

function theme(db: WritableDB): string | undefined {
  return oneRow<{ value_json: string }>(db, "SELECT value_json FROM settings WHERE key = 'theme'")?.value_json
}

/** A folder with a damaged database and, where asked for, a good backup and a newer one that is damaged too. */
function damaged(hasBackups: boolean): string {
  const folder = temporaryFolder()
  const file = join(folder, 'tunesmith.db')
  if (hasBackups) {
    const db = openStore(file)
    change(db, "INSERT INTO settings (key, value_json) VALUES ('theme', '\"dark\"')")
    mkdirSync(join(folder, 'backups'))
    db.prepare('VACUUM INTO ?').run(join(folder, 'backups', `tunesmith-schema10-${AT}.db`))
    db.close()
    writeFileSync(join(folder, 'backups', `tunesmith-schema10-${AT + 1}.db`), GARBAGE)
  }
  writeFileSync(file, GARBAGE)
  return file
}

it('takes the newest backup that is whole, and says so', () => {
  const file = damaged(true)
  const { db, recovered } = openOrRecover(file, AT + 5)
  expect(theme(db)).toBe('"dark"')
  expect(recovered).toMatch(
    /was damaged and was moved to .*tunesmith-\d+\.db\. A copy of 2024-05-06 07:08 UTC/,
  )
  db.close()
  const aside = join(file, '..', 'damaged')
  expect(readdirSync(aside)).toEqual([`tunesmith-${AT + 5}.db`])
  expect(readFileSync(join(aside, `tunesmith-${AT + 5}.db`), 'utf8')).toBe(GARBAGE)
  const again = openOrRecover(file, AT + 6)
  expect([theme(again.db), again.recovered]).toEqual(['"dark"', null])
  again.db.close()
})

it('begins empty where there is no backup', () => {
  const file = damaged(false)
  const { db, recovered } = openOrRecover(file, AT)
  expect(theme(db)).toBeUndefined()
  expect(recovered).toMatch(/no copy to put in its place/)
  db.close()
})

it('leaves the database of another program alone', () => {
  const file = join(temporaryFolder(), 'tunesmith.db')
  const other = new Database(file)
  other.exec('CREATE TABLE theirs (a)')
  other.close()
  expect(() => openOrRecover(file, AT)).toThrow(/not a Tunesmith database/)
  expect(new Database(file, { readonly: true }).pragma('table_list(theirs)')).toHaveLength(1)
  expect(readdirSync(join(file, '..'))).not.toContain('damaged')
})

it('the command line says it and goes on', async () => {
  const file = damaged(true)
  const { code, stderr } = await tunesmith(['runs', 'list'], { home: join(file, '..') })
  expect(code).toBe(0)
  expect(stderr).toMatch(/was damaged and was moved to/)
})
