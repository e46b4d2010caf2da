// npm run bench: builds bench/main.ts as the app is built, then runs it here with the arguments given.
import './setup/requireNode.mjs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { out, root } from './setup/paths.mjs'
import { createReport } from './setup/report.mjs'
import { electronInUse } from './setup/electron.mjs'
import { runScript, runSteps, terminalSteps, windowSteps } from './setup/setUp.mjs'
import { hasDisplay } from './setup/systemLibraries.mjs'
import { startVirtualScreen } from './setup/virtualScreen.mjs'

const outDir = join(out, 'bench')
const file = join(outDir, 'main.js')

const isReady = await runScript(async () => {
  const needsWindow = process.argv.includes('history')
  const steps = needsWindow ? windowSteps({ needsScreen: true }) : terminalSteps
  await runSteps(steps, createReport(process.stderr))
  if (needsWindow) {
    process.env.ELECTRON_OVERRIDE_DIST_PATH = electronInUse()?.dist
    if (!hasDisplay()) process.env.DISPLAY = await startVirtualScreen()
  }
  const { build } = await import('vite')
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: join(root, 'bench', 'main.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node20.18',
      rolldownOptions: { output: { entryFileNames: 'main.js' } },
    },
  })
})

if (isReady) {
  process.argv = [process.execPath, file, ...process.argv.slice(2)]
  await import(pathToFileURL(file).href)
  // A virtual screen would keep this process waiting.
  process.exit()
}
