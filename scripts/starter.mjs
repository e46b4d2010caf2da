// npm run starter: builds scripts/starter/main.ts as the app is built, then runs it here with the arguments given.
import './setup/requireNode.mjs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { out, root } from './setup/paths.mjs'
import { createReport } from './setup/report.mjs'
import { runScript, runSteps, terminalSteps } from './setup/setUp.mjs'

const outDir = join(out, 'starter')
const file = join(outDir, 'main.js')

const isReady = await runScript(async () => {
  await runSteps(terminalSteps, createReport(process.stderr))
  const { build } = await import('vite')
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: join(root, 'scripts', 'starter', 'main.ts'),
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
}
