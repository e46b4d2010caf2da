// npm start: set up what is missing, then open the studio; where there is no display, train the sample here.
import './setup/requireNode.mjs'
import { electronInUse } from './setup/electron.mjs'
import { isRoot, runCommandLine, runInForeground } from './setup/launch.mjs'
import { root } from './setup/paths.mjs'
import { createReport } from './setup/report.mjs'
import { runScript, runSteps, sayRuntimes, windowSteps } from './setup/setUp.mjs'
import { hasDisplay } from './setup/systemLibraries.mjs'

const args = process.argv.slice(2)
const report = createReport(process.stdout)

const isReady = await runScript(async () => {
  const without = 'The terminal sample runs without it.'
  await runSteps(windowSteps(hasDisplay() ? {} : { without }), report)
  sayRuntimes(report)
})

if (isReady && !hasDisplay()) {
  report.say('No display: training the sample in the terminal instead of opening the window.\n')
  await runCommandLine(['sample', ...args])
} else if (isReady) {
  const env = { ...process.env }
  delete env.ELECTRON_RUN_AS_NODE
  const flags = isRoot() ? ['--no-sandbox'] : []
  process.exitCode = await runInForeground(electronInUse()?.executable ?? '', [...flags, root, ...args], env)
}
