// The app inside the registry-borne Electron: opens the app folder named on the command line, as the stock
// default app does (`-r FILE` loads a file first: Playwright drives Electron through it). Electron emits `ready`
// once this module has loaded, so the studio's own main module is awaited here.
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import electron from 'electron'

/** @type {any} Electron's own type leaves out what only a default app may call. */
const app = electron.app

/** @param {string[]} args */
function readArguments(args) {
  const required = []
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    if (arg === '-r' || arg === '--require') required.push(args[++index] ?? '')
    else if (!arg.startsWith('-')) return { required, target: arg }
  }
  return { required, target: undefined }
}

/** @param {string} folder */
function describe(folder) {
  const { productName, name, version, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (productName || name) app.setName(productName ?? name)
  if (version) app.setVersion(version)
  app.setPath('userData', join(app.getPath('appData'), app.getName()))
  app.setAppPath(folder)
  return join(folder, main ?? 'index.js')
}

const { required, target } = readArguments(process.argv.slice(1))
try {
  for (const file of required) createRequire(join(process.cwd(), 'noop.js'))(file)
  if (target === undefined) throw new Error('Name the folder of an app.')
  const path = resolve(target)
  const isFolder = statSync(path).isDirectory()
  if (!isFolder) app.setAppPath(dirname(path))
  await import(pathToFileURL(isFolder ? describe(path) : path).href)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  app.exit(1)
}
