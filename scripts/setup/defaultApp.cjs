// The app inside the registry-borne Electron: opens the app folder named on the command line, as the stock
// default app does (`-r FILE` loads a file first: Playwright drives Electron through it).
'use strict'
const { app, dialog } = require('electron')
const { readFileSync, statSync } = require('node:fs')
const { createRequire } = require('node:module')
const { dirname, join, resolve } = require('node:path')
const { pathToFileURL } = require('node:url')

const args = process.argv.slice(1)
const required = []
let target
for (let index = 0; index < args.length && target === undefined; index++) {
  const arg = args[index]
  if (arg === '-r' || arg === '--require') required.push(args[++index])
  else if (arg === '--version' || arg === '-v') {
    process.stdout.write(`v${process.versions.electron}\n`)
    process.exit(0)
  } else if (!arg.startsWith('-')) target = arg
}

async function open() {
  for (const file of required) createRequire(join(process.cwd(), 'noop.js'))(file)
  if (target === undefined) throw new Error('Name the folder of an app.')
  let main = resolve(target)
  if (statSync(main).isDirectory()) {
    const folder = main
    const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (description.productName || description.name) app.setName(description.productName ?? description.name)
    if (description.version) app.setVersion(description.version)
    app.setPath('userData', join(app.getPath('appData'), app.getName()))
    main = join(folder, description.main ?? 'index.js')
    app.setAppPath(folder)
  } else {
    app.setAppPath(dirname(main))
  }
  await import(pathToFileURL(main).href)
}

open().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
    dialog.showErrorBox('The app did not open', String(error))
  app.exit(1)
})
