// What the set-up asks of the machine, and the sentences it says when something is not there.
import { describe, expect, it } from 'vitest'
import { findCompilers, installHint } from '../../../scripts/setup/compiler.mjs'
import { explainNpm } from '../../../scripts/setup/dependencies.mjs'
import { SetupFailure, explainSystemError } from '../../../scripts/setup/failure.mjs'
import { nodeProblem } from '../../../scripts/setup/requireNode.mjs'
import { isSandboxBlocked } from '../../../scripts/setup/sandbox.mjs'
import { needsBuild, readDefines } from '../../../scripts/setup/sqlite.mjs'
import { aptLine, debianPackages, missingLibraries } from '../../../scripts/setup/systemLibraries.mjs'

describe('Node version', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0', '100.0.0'])('accepts %s', (version) => {
    expect(nodeProblem(version)).toBeUndefined()
  })

  it.each(['20.18.3', '18.20.8', '9.0.0', '16.0.0'])(
    'refuses %s with the version that is needed',
    (version) => {
      expect(nodeProblem(version)).toMatch(
        new RegExp(`needs Node 20\\.19 .*this is Node ${version}\\. Install`),
      )
    },
  )
})

describe('better-sqlite3', () => {
  it.each([
    ['9', true],
    ['10', false],
    ['11', false],
    [undefined, true],
  ])('at Node-API %s needs a build: %s', (level, expected) => {
    expect(needsBuild(level)).toBe(expected)
  })

  it('reads the defines that SQLite is compiled with', () => {
    const gypi = "{ 'defines': [\n 'HAVE_USLEEP=1',\n 'SQLITE_ENABLE_FTS5',\n ], 'x': ['no'] }"
    expect(readDefines(gypi)).toEqual(['-DHAVE_USLEEP=1', '-DSQLITE_ENABLE_FTS5'])
  })
})

describe('compiler', () => {
  it('says the line that installs one when the PATH holds none', () => {
    expect(() => findCompilers({ PATH: '/nowhere' })).toThrow(/No C\+\+ compiler was found/)
    expect(installHint('linux')).toContain('sudo apt-get install -y g++')
    expect(installHint('darwin')).toContain('xcode-select --install')
  })

  it('takes CC and CXX with their leading arguments', () => {
    const env = { PATH: '/nowhere', CC: '/bin/sh -a', CXX: '/bin/sh -b' }
    expect(findCompilers(env)).toEqual({ c: ['/bin/sh', '-a'], cxx: ['/bin/sh', '-b'] })
  })

  it('names the variable that points at nothing', () => {
    const env = { PATH: process.env.PATH, CC: '/bin/sh', CXX: '/nowhere/g++' }
    expect(() => findCompilers(env)).toThrow('CXX=/nowhere/g++ names no program')
  })
})

describe('system libraries', () => {
  const ldd = [
    '\tlinux-vdso.so.1 (0x00007ffd)',
    '\tlibffmpeg.so => /opt/electron/libffmpeg.so (0x00007f)',
    '\tlibnss3.so => not found',
    '\tlibsmime3.so => not found',
    '\tlibatk-1.0.so.0 => not found',
    '\tlibasound.so.2 => not found',
  ].join('\n')

  it('finds the missing ones in what the loader says', () => {
    expect(missingLibraries(ldd)).toEqual(['libnss3.so', 'libsmime3.so', 'libatk-1.0.so.0', 'libasound.so.2'])
  })

  it('names each Debian package once, in one line to copy', () => {
    const packages = debianPackages(missingLibraries(ldd))
    expect(packages).toEqual(['libasound2', 'libgtk-3-0', 'libnss3'])
    expect(aptLine(packages).split('\n')).toHaveLength(1)
    expect(aptLine(packages)).toMatch(/^sudo apt-get .* libasound2 libgtk-3-0 libnss3$/)
  })
})

describe('sandbox', () => {
  const ubuntu = (name: string): string | undefined =>
    name === 'kernel/apparmor_restrict_unprivileged_userns' ? '1' : undefined

  it("is blocked where the system refuses user namespaces and the helper is not root's", () => {
    expect(isSandboxBlocked({ setting: ubuntu, helper: { uid: 1000, mode: 0o100755 } })).toBe(true)
    expect(isSandboxBlocked({ setting: ubuntu, helper: undefined })).toBe(true)
    expect(isSandboxBlocked({ setting: ubuntu, helper: { uid: 0, mode: 0o104755 } })).toBe(false)
    expect(isSandboxBlocked({ setting: () => undefined, helper: undefined })).toBe(false)
  })
})

describe('failures', () => {
  it.each([
    [
      'npm error code ECONNREFUSED\nnpm error request to http://127.0.0.1:9/zod failed',
      /http:\/\/127.0.0.1:9 cannot be/,
    ],
    ['npm error code ENOTFOUND', /registry cannot be reached/],
    ['npm error code E401', /refused the request/],
    ['npm error code ENOSPC', /disk filled up/],
    ['npm error code EACCES', /could not be written/],
    ['npm error something else', /something else/],
  ])('explains what npm said: %s', (output, expected) => {
    const failure = explainNpm('installing the packages', output)
    expect(failure.message).toMatch(expected)
    expect(failure.nextStep).toMatch(/run .*again|then run/)
  })

  it('explains a full disk and a read-only folder, and leaves a bug as it is', () => {
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', path: '/cache/x' })
    expect(explainSystemError(full)).toBeInstanceOf(SetupFailure)
    expect((explainSystemError(full) as SetupFailure).message).toBe('The disk is full (/cache/x)')
    const bug = new TypeError('x is not a function')
    expect(explainSystemError(bug)).toBe(bug)
  })
})
