// How the set-up knows that there is nothing to do, and that nobody else is at it.
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mistakeIn } from '../../../scripts/setup/build.mjs'
import { lock, tryLock, unlock } from '../../../scripts/setup/lock.mjs'
import { cacheFolder } from '../../../scripts/setup/paths.mjs'
import { formatSeconds } from '../../../scripts/setup/report.mjs'
import { digestTree, isStamped, readStamp, writeStamp } from '../../../scripts/setup/stamp.mjs'
import { chooseStages, countPlaywright, countVitest } from '../../../scripts/setup/testStages.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunesmith-setup-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('stamps', () => {
  it('hold until the inputs change', () => {
    const file = join(folder, 'deep', 'stamp.json')
    expect(isStamped(file, { a: 1 })).toBe(false)
    writeStamp(file, { a: 1 })
    expect(isStamped(file, { a: 1 })).toBe(true)
    expect(isStamped(file, { a: 2 })).toBe(false)
  })

  it('count as absent when damaged', () => {
    const file = join(folder, 'stamp.json')
    writeFileSync(file, '{"a":')
    expect(readStamp(file)).toBeUndefined()
  })

  it('of a tree change with a file that is edited, added or removed', () => {
    const file = join(folder, 'src', 'a.ts')
    mkdirSync(join(folder, 'src'))
    writeFileSync(file, 'one')
    const before = digestTree([folder])
    expect(digestTree([folder])).toBe(before)
    utimesSync(file, 1, 1)
    const edited = digestTree([folder])
    expect(edited).not.toBe(before)
    writeFileSync(join(folder, 'src', 'b.ts'), '')
    const added = digestTree([folder])
    expect(added).not.toBe(edited)
    rmSync(join(folder, 'src', 'b.ts'))
    expect(digestTree([folder])).toBe(edited)
  })
})

describe('lock', () => {
  it('is refused while a living process holds it, and is free afterwards', async () => {
    const file = join(folder, 'setup.lock')
    writeFileSync(file, String(process.ppid))
    expect(tryLock(file)).toBe(process.ppid)
    const waited: number[] = []
    const taken = lock(file, (owner) => waited.push(owner))
    rmSync(file)
    await taken
    expect(waited).toEqual([process.ppid])
    unlock(file)
    expect(existsSync(file)).toBe(false)
  })

  it.each(['2147483646', 'not a number', ''])('of a dead set-up (%s) is taken over', (owner) => {
    const file = join(folder, 'setup.lock')
    writeFileSync(file, owner)
    expect(tryLock(file)).toBeUndefined()
    unlock(file)
  })
})

describe('words', () => {
  it('give times in seconds, then minutes', () => {
    expect([950, 59_949, 61_000, 600_400].map(formatSeconds)).toEqual([
      '0.9 s',
      '59.9 s',
      '1 min 1 s',
      '10 min 0 s',
    ])
  })

  it('keep of a failed build what names the mistake', () => {
    const output =
      'vite building…\n\u001b[31merror during build:\u001b[0m\nCould not resolve ./x\n    at f (y.js:1:2)\n'
    expect(mistakeIn(output)).toBe('error during build:\nCould not resolve ./x')
  })

  it('name the cache folder that the platform wants', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux')).toBe(join('/c', 'tunesmith'))
    expect(cacheFolder({ LOCALAPPDATA: '/l' }, 'win32')).toBe(join('/l', 'tunesmith', 'Cache'))
    expect(cacheFolder({}, 'darwin')).toMatch(/Library.Caches.tunesmith$/)
  })
})

describe('npm test', () => {
  it('runs every stage, those named, or one with a filter', () => {
    expect(chooseStages([]).chosen.map(({ name }) => name)).toEqual([
      'typecheck',
      'lint',
      'format',
      'unit',
      'integration',
      'e2e',
    ])
    expect(chooseStages(['unit', 'lint']).chosen.map(({ name }) => name)).toEqual(['lint', 'unit'])
    const one = chooseStages(['e2e', 'restart.spec.ts'])
    expect([one.chosen.length, one.filters, one.mistake]).toEqual([1, ['restart.spec.ts'], undefined])
  })

  it('refuses a name that is no stage', () => {
    expect(chooseStages(['units']).mistake).toMatch(/"units" is no stage/)
    expect(chooseStages(['unit', 'lint', 'x']).mistake).toMatch(/"x" is no stage/)
  })
})

describe('sums of tests', () => {
  it('count a test file that does not load as a failure', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{}] },
    ]
    expect(countVitest({ numPassedTests: 4, numFailedTests: 1, testResults })).toEqual({
      passed: 4,
      failed: 2,
    })
  })

  it('count a retried test as passed and an error outside of tests as a failure', () => {
    const stats = { expected: 5, flaky: 1, unexpected: 2, skipped: 0 }
    expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 6, failed: 3 })
  })
})
