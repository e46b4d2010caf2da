import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { starterFolder } from '../../../src/main/services/starters'
import { DEFAULT_STARTER } from '../../../src/shared/domain/starters'

const app = mkdtempSync(join(tmpdir(), 'starters-'))
afterAll(() => rmSync(app, { recursive: true }))

describe('where the starter lies', () => {
  it('says so where its files are missing', () => {
    expect(() => starterFolder(DEFAULT_STARTER, join(app, 'out', 'main'))).toThrow(/are missing/)
  })

  it('is found from the built app and from the sources', () => {
    const folder = join(app, 'resources', 'models', DEFAULT_STARTER)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'config.json'), '{}')
    expect(starterFolder(DEFAULT_STARTER, join(app, 'out', 'main'))).toBe(folder)
    expect(starterFolder(DEFAULT_STARTER, join(app, 'src', 'main', 'services'))).toBe(folder)
  })

  it('refuses another name, with those there are', () => {
    expect(() => starterFolder('huge', app)).toThrow(
      expect.objectContaining({
        code: 'not-found',
        hint: expect.stringContaining(DEFAULT_STARTER) as string,
      }),
    )
  })
})
