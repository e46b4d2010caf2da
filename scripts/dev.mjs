// npm run dev: the studio with live reload of the window, on the Electron that the set-up has settled on.
import './setup/requireNode.mjs'
import { join } from 'node:path'
import { electronInUse } from './setup/electron.mjs'
import { isRoot, runInForeground } from './setup/launch.mjs'
import { modules } from './setup/paths.mjs'
import { createReport } from './setup/report.mjs'
import { runScript, runSteps, sayRuntimes, windowSteps } from './setup/setUp.mjs'

const report = createReport(process.stdout)

const isReady = await runScript(async () => {
  await runSteps(windowSteps(), report)
  sayRuntimes(report)
})

if (isReady) {
  const use = electronInUse()
  const env = {
    ...process.env,
    ELECTRON_EXEC_PATH: use?.executable,
    ...(isRoot() && { NO_SANDBOX: '1' }),
  }
  const script = join(modules, 'electron-vite', 'bin', 'electron-vite.js')
  process.exitCode = await runInForeground(process.execPath, [script, 'dev', ...process.argv.slice(2)], env)
}
