import { describe, expect, it } from 'vitest'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { defaultHome, fromStored, toStored, type Home } from '../../../src/main/services/home'
import { newId } from '../../../src/main/services/newId'

describe('the default data folder', () => {
  it.each([
    ['linux', {}, join(homedir(), '.config', 'Tunesmith')],
    ['linux', { XDG_CONFIG_HOME: '/x' }, '/x/Tunesmith'],
    ['darwin', {}, join(homedir(), 'Library', 'Application Support', 'Tunesmith')],
    ['linux', { TUNESMITH_HOME: '/data', XDG_CONFIG_HOME: '/x' }, '/data'],
  ])('on %s with %j', (platform, env, folder) => {
    expect(defaultHome(env, platform)).toBe(folder)
  })
})

describe('paths in the database', () => {
  const home = { root: '/home/me/studio' } as Home
  it.each([
    ['/home/me/studio/runs/a', 'runs/a'],
    ['/home/me/studio', ''],
    ['/home/me/studio-2/a', '/home/me/studio-2/a'],
    ['/elsewhere', '/elsewhere'],
    ['runs/a', 'runs/a'],
  ])('%s is kept as %s', (path, stored) => {
    expect(toStored(home, path)).toBe(stored)
    expect(join(fromStored(home, stored))).toBe(join(path.startsWith('/') ? path : `/home/me/studio/${path}`))
  })
})

describe('ids', () => {
  it('are distinct, start with a letter and suit file names', () => {
    const ids = Array.from({ length: 2_000 }, () => newId<string>())
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-hjkmnp-tv-z][0-9a-hjkmnp-tv-z]{11}$/)
  })
})
