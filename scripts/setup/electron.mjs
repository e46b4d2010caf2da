// Which Electron runs the studio: the one given by ELECTRON_OVERRIDE_DIST_PATH, else the `electron` package's own
// (fetched where its download host answers), else a registry-borne one.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { capture, lastLines } from './childProcess.mjs'
import { SetupFailure } from './failure.mjs'
import { modules } from './paths.mjs'
import { hasDefaultApp, isOffered, makeRegistryElectron, registryDist } from './registryElectron.mjs'
import { readStamp, writeStamp } from './stamp.mjs'

/** @typedef {{ dist: string, origin: 'given' | 'own' | 'registry' }} Choice */

const stamp = join(modules, '.tunesmith', 'electron.json')
const packageFolder = join(modules, 'electron')
const connectMs = 6000
const downloadMs = 600_000

/** @param {NodeJS.Platform} [platform] */
export function executableName(platform = process.platform) {
  if (platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron')
  return platform === 'win32' ? 'electron.exe' : 'electron'
}

/** @param {Choice} choice */
function withDetails({ dist, origin }) {
  const executable = join(dist, executableName())
  if (!existsSync(executable)) return undefined
  const versionFile = join(dist, 'version')
  const version = existsSync(versionFile)
    ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
    : 'unknown'
  return { dist, origin, executable, version }
}

function packageVersion() {
  return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version
}

/** The Electron that the set-up has settled on, undefined before it did. */
export function electronInUse() {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (given) return withDetails({ dist: given, origin: 'given' })
  const own = withDetails({ dist: join(packageFolder, 'dist'), origin: 'own' })
  if (own && own.version === packageVersion()) return own
  const choice = /** @type {Choice | undefined} */ (readStamp(stamp))
  return choice ? withDetails(choice) : undefined
}

/** Whether Electron's own download host answers at all, quickly. */
async function isHostReachable() {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror
  const base = mirror ?? 'https://github.com/electron/electron/releases/download/'
  const url = `${base}v${packageVersion()}/SHASUMS256.txt`
  try {
    return (await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(connectMs) })).ok
  } catch {
    return false
  }
}

/** @param {import('./report.mjs').Report} report */
async function fetchOwn(report) {
  report.note(`fetching Electron ${packageVersion()} (about 120 MB, once)`)
  return capture(process.execPath, [join(packageFolder, 'install.js')], { timeoutMs: downloadMs })
}

export const electron = {
  name: 'Electron',
  isDone() {
    const use = electronInUse()
    return use !== undefined && (use.origin !== 'registry' || hasDefaultApp(use.dist))
  },
  /** @param {import('./report.mjs').Report} report */
  async run(report) {
    if (process.env.ELECTRON_OVERRIDE_DIST_PATH) {
      throw new SetupFailure(
        `ELECTRON_OVERRIDE_DIST_PATH names ${process.env.ELECTRON_OVERRIDE_DIST_PATH}, which holds no Electron`,
        'Correct or unset the variable, then run again.',
      )
    }
    const reachable = await isHostReachable()
    const own = reachable ? await fetchOwn(report) : undefined
    if (own?.status === 0) return `${packageVersion()} fetched`
    if (!isOffered()) {
      throw new SetupFailure(
        own
          ? `Electron could not be fetched; its installer said:\n${lastLines(own.output, 4)}`
          : "Electron's download host cannot be reached",
        'Check the network or set ELECTRON_MIRROR to a mirror of it, then run again.',
      )
    }
    const cached = existsSync(registryDist())
    const dist = await makeRegistryElectron(report)
    writeStamp(stamp, { dist, origin: 'registry' })
    return `${electronInUse()?.version ?? ''} ${cached ? 'taken from the cache' : 'made from a registry package'}`
  },
}

/** @param {NonNullable<ReturnType<typeof electronInUse>>} use */
export function describeElectron({ version, origin, dist }) {
  const origins = {
    given: `given by ELECTRON_OVERRIDE_DIST_PATH (${dist})`,
    own: "from the electron package's own download",
    registry: "from the package registry, Electron's own download host being out of reach",
  }
  return `Electron ${version} ${origins[origin]}`
}
