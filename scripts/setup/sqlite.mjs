// better-sqlite3 ships binaries for Node-API 10. Below that they crash the process on load, so the module is
// compiled here from the package's own source against Node-API "experimental", which Node 20, Node 22 and
// Electron 33 all load. The result is kept in the user's cache for the next clone.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { capture, lastLines } from './childProcess.mjs'
import { findCompilers } from './compiler.mjs'
import { electronInUse } from './electron.mjs'
import { SetupFailure } from './failure.mjs'
import { cacheFolder, modules } from './paths.mjs'
import { digest, isStamped, writeStamp } from './stamp.mjs'
import { withTemporaryFolder } from './temporaryFolder.mjs'

const source = join(modules, 'better-sqlite3')
export const builtBinary = join(source, 'build', 'Release', 'better_sqlite3.node')
const addonSource = fileURLToPath(new URL('betterSqlite3.cpp', import.meta.url))
const stamp = join(modules, '.tunesmith', 'better-sqlite3.json')
const lowestPrebuiltNodeApi = 10
const lowestPrebuiltElectron = 35

/** @param {string | undefined} nodeApi the Node-API level of a runtime, as in process.versions.napi */
export function needsBuild(nodeApi) {
  return Number(nodeApi ?? 0) < lowestPrebuiltNodeApi
}

/**
 * The preprocessor defines in a .gypi file's 'defines' list.
 * @param {string} gypi
 */
export function readDefines(gypi) {
  const list = /'defines':\s*\[([^\]]*)\]/.exec(gypi)?.[1] ?? ''
  return [...list.matchAll(/'([^']+)'/g)].map((match) => `-D${match[1]}`)
}

function inputs() {
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  return { version, source: digest([readFileSync(addonSource)]).slice(0, 12) }
}

function cachedBinary() {
  const { version, source: recipe } = inputs()
  return join(cacheFolder(), `better-sqlite3-${version}-${recipe}-${process.platform}-${process.arch}.node`)
}

/** Whether the binary opens a database in this Node; asked in a child, since a bad one ends the process. */
async function loads() {
  const script = `const D = require(${JSON.stringify(source)}); new D(':memory:').prepare('select 1').get()`
  const { status, output } = await capture(process.execPath, ['-e', script], { timeoutMs: 30_000 })
  return { ok: status === 0, output }
}

/** @param {string} folder where object files and the linked module go */
async function compile(folder) {
  const { c, cxx } = findCompilers()
  const [sqliteObject, addonObject] = [join(folder, 'sqlite3.o'), join(folder, 'better_sqlite3.o')]
  const optimised = ['-O3', '-DNDEBUG', '-fPIC', '-w', '-c']
  const sqlite = join(source, 'deps', 'sqlite3')
  const results = await Promise.all([
    execute(c, [
      ...optimised,
      '-std=c99',
      '-D_GNU_SOURCE',
      ...readDefines(readFileSync(join(source, 'deps', 'defines.gypi'), 'utf8')),
      ...[join(sqlite, 'sqlite3.c'), '-o', sqliteObject],
    ]),
    execute(cxx, [
      ...optimised,
      ...['-std=c++20', '-fvisibility=hidden', '-fvisibility-inlines-hidden'],
      ...['-DNODE_GYP_MODULE_NAME=better_sqlite3', '-DBUILDING_NODE_EXTENSION'],
      ...['-DNAPI_VERSION=2147483647', '-DNAPI_EXPERIMENTAL', '-DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT'],
      ...['-DNAPI_DISABLE_CPP_EXCEPTIONS', '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'],
      ...['-I', join(modules, 'node-api-headers', 'include'), '-I', join(modules, 'node-addon-api')],
      ...['-I', sqlite, '-I', join(source, 'src'), addonSource, '-o', addonObject],
    ]),
  ])
  for (const result of results) assertCompiled(result)
  const linked = join(folder, 'better_sqlite3.node')
  const shared =
    process.platform === 'darwin'
      ? ['-bundle', '-undefined', 'dynamic_lookup']
      : ['-shared', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL', '-ldl']
  assertCompiled(await execute(cxx, ['-O3', '-s', addonObject, sqliteObject, ...shared, '-o', linked]))
  return linked
}

/**
 * @param {string[]} compiler
 * @param {string[]} args
 */
function execute([program = '', ...leading], args) {
  return capture(program, [...leading, ...args])
}

/** @param {import('./childProcess.mjs').Finished} result */
function assertCompiled({ status, output }) {
  if (status === 0) return
  if (/No space left on device/.test(output)) {
    throw new SetupFailure(
      'The disk filled up while better-sqlite3 was compiled',
      'Free about 2 GB, then run again.',
    )
  }
  throw new SetupFailure(
    `better-sqlite3 did not compile; the compiler said:\n${lastLines(output)}`,
    'Install g++ 10 or newer, or use Node 22.14 or newer, which needs no compiler; then run again.',
  )
}

/** @param {string} file */
function place(file) {
  mkdirSync(dirname(builtBinary), { recursive: true })
  copyFileSync(file, `${builtBinary}.part`)
  renameSync(`${builtBinary}.part`, builtBinary)
}

/** Whether the package's own binaries suit every runtime that will load them. */
function prebuiltSuffices() {
  const use = electronInUse()
  const electronSuffices = use === undefined || parseInt(use.version) >= lowestPrebuiltElectron
  return electronSuffices && !needsBuild(process.versions.napi)
}

export const sqlite = {
  name: 'better-sqlite3',
  isDone: () => (existsSync(builtBinary) ? isStamped(stamp, inputs()) : prebuiltSuffices()),
  /** @param {import('./report.mjs').Report} report */
  async run(report) {
    const cached = cachedBinary()
    if (existsSync(cached)) {
      place(cached)
      if ((await loads()).ok) {
        writeStamp(stamp, inputs())
        return 'taken from the cache'
      }
      rmSync(builtBinary, { force: true })
    }
    findCompilers()
    report.note('compiling better-sqlite3 for this Node (about 40 s, once)')
    await withTemporaryFolder(source, 'building-', async (folder) => place(await compile(folder)))
    const check = await loads()
    if (!check.ok) {
      rmSync(builtBinary, { force: true })
      throw new SetupFailure(
        `better-sqlite3 compiled but does not load:\n${lastLines(check.output)}`,
        'Use Node 22.14 or newer, which needs no compiling, then run again.',
      )
    }
    writeStamp(stamp, inputs())
    keep(cached)
    return 'compiled'
  },
}

/** Best effort: without a cache the next clone compiles again. @param {string} cached */
function keep(cached) {
  try {
    mkdirSync(dirname(cached), { recursive: true })
    copyFileSync(builtBinary, `${cached}.part`)
    renameSync(`${cached}.part`, cached)
  } catch {
    rmSync(`${cached}.part`, { force: true })
  }
}
