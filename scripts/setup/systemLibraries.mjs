// Shared libraries of the system that Electron needs on Linux: what is missing is asked of the loader, installed
// by apt-get for root on Debian and its relatives, and otherwise named in one line to copy.
import { join } from 'node:path'
import { capture, findProgram, lastLines } from './childProcess.mjs'
import { electronInUse } from './electron.mjs'
import { SetupFailure } from './failure.mjs'
import { modules } from './paths.mjs'
import { isStamped, writeStamp } from './stamp.mjs'

const stamp = join(modules, '.tunesmith', 'systemLibraries.json')

// Each package pulls in the others that Electron links: GTK alone brings ATK, Cairo, Pango, CUPS and X11.
const packageOf = new Map([
  ['libnss3', 'libnss3'],
  ['libnssutil3', 'libnss3'],
  ['libsmime3', 'libnss3'],
  ['libnspr4', 'libnss3'],
  ['libasound', 'libasound2'],
  ['libgbm', 'libgbm1'],
])

/** Libraries that the loader does not find. @param {string} lddOutput */
export function missingLibraries(lddOutput) {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '')
}

/**
 * The Debian packages that bring these libraries.
 * @param {string[]} libraries such as libnss3.so
 */
export function debianPackages(libraries) {
  const names = libraries.map((library) => packageOf.get(library.replace(/\.so.*$/, '')) ?? 'libgtk-3-0')
  return [...new Set(names)].sort()
}

/** @param {string[]} packages */
export function aptLine(packages) {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`
}

/** @param {NodeJS.ProcessEnv} [env] */
export function hasDisplay(env = process.env) {
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** @param {string} executable */
async function findMissing(executable) {
  const { output } = await capture('ldd', [executable], { timeoutMs: 30_000 })
  return missingLibraries(output)
}

/**
 * Newer Debian and Ubuntu releases renamed packages in the move to 64-bit time: libasound2 is libasound2t64 there.
 * @param {string[]} packages
 */
async function namesOfThisRelease(packages) {
  const candidates = packages.map((name) => `${name}t64`)
  const { output } = await capture('apt-cache', ['pkgnames', 'lib'], { timeoutMs: 60_000 })
  const known = new Set(output.split('\n'))
  return packages.map((name, index) => (known.has(candidates[index] ?? '') ? `${name}t64` : name))
}

/** @param {string[]} packages */
async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const update = await capture('apt-get', ['update', '-q'], { env })
  const names = await namesOfThisRelease(packages)
  const args = ['install', '-y', '-q', '--no-install-recommends', ...names]
  const { status, output } = await capture('apt-get', args, { env })
  if (status === 0) return
  const told = update.status === 0 ? output : update.output + output
  throw new SetupFailure(
    `apt-get could not install ${names.join(' ')}; it said:\n${lastLines(told, 4)}`,
    'Check that the package mirror can be reached, then run the same command again.',
  )
}

/**
 * @param {object} options
 * @param {boolean} options.needsScreen a virtual screen is needed where there is no display
 * @param {boolean} options.recheck ask the loader again although it was satisfied before
 */
export function systemLibraries({ needsScreen, recheck }) {
  const lacksScreen = () => needsScreen && !hasDisplay() && findProgram('Xvfb') === undefined
  const inputs = () => ({ dist: electronInUse()?.dist })
  return {
    name: 'system libraries',
    isDone: () => process.platform !== 'linux' || (!recheck && isStamped(stamp, inputs()) && !lacksScreen()),
    /** @param {import('./report.mjs').Report} report */
    async run(report) {
      const executable = electronInUse()?.executable
      const missing = executable ? await findMissing(executable) : []
      const packages = [...debianPackages(missing), ...(lacksScreen() ? ['xvfb'] : [])]
      if (packages.length === 0) {
        writeStamp(stamp, inputs())
        return 'all there'
      }
      const hasApt = findProgram('apt-get') !== undefined
      if (!hasApt || process.getuid?.() !== 0) {
        const what = [...missing, ...(lacksScreen() ? ['Xvfb'] : [])].join(', ')
        throw new SetupFailure(
          `Electron needs system libraries that are missing: ${what}`,
          hasApt
            ? `Run this line, then the same command again:\n  ${aptLine(packages)}`
            : "Install them with your system's package manager, then run the same command again.",
        )
      }
      report.note(`installing ${packages.join(' ')} with apt-get`)
      await install(packages)
      const still = executable ? await findMissing(executable) : []
      if (still.length > 0 || lacksScreen()) {
        throw new SetupFailure(
          `Electron still misses ${[...still, ...(lacksScreen() ? ['Xvfb'] : [])].join(', ')}`,
          "Install what holds them with your system's package manager, then run the same command again.",
        )
      }
      writeStamp(stamp, inputs())
      return `${packages.join(' ')} installed`
    },
  }
}
