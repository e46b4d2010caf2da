// The compiled better-sqlite3 must survive garbage collection: a finalizer that breaks Node-API's rules ends the
// process, so the collection runs in a child, under this Node and under the Electron that the set-up has chosen.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { electronInUse } from '../../../scripts/setup/electron.mjs'

const library = createRequire(import.meta.url).resolve('better-sqlite3')
const script = `
  const Database = require(${JSON.stringify(library)})
  for (let round = 0; round < 10; round++) {
    for (let index = 0; index < 20; index++) {
      const db = new Database(':memory:')
      db.exec('create table t(a); insert into t values (1), (2)')
      db.function('twice', (x) => 2 * x)
      db.prepare('select twice(a) from t').iterate().next()
      if (index % 2) db.prepare('select a from t').all()
    }
    gc()
  }
  setImmediate(() => { gc(); console.log('alive') })
`

function collect(program: string, env: NodeJS.ProcessEnv): string {
  const child = spawnSync(program, ['--expose-gc', '-e', script], { env, encoding: 'utf8', timeout: 60_000 })
  return child.status === 0 ? child.stdout.trim() : child.stderr
}

describe('collected databases, statements and iterators', () => {
  it('leave Node alive', () => {
    expect(collect(process.execPath, process.env)).toBe('alive')
  })

  it('leave Electron alive', () => {
    const program = electronInUse()?.executable ?? 'no Electron: run npm run setup'
    expect(collect(program, { ...process.env, ELECTRON_RUN_AS_NODE: '1' })).toBe('alive')
  })
})
