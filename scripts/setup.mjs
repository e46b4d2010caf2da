// npm run setup: everything that the studio, its command line and its tests need, without starting anything.
import './setup/requireNode.mjs'
import { createReport } from './setup/report.mjs'
import { runScript, runSteps, sayRuntimes, windowSteps } from './setup/setUp.mjs'

await runScript(async () => {
  const report = createReport(process.stdout)
  await runSteps(windowSteps({ needsScreen: true, recheck: true }), report)
  sayRuntimes(report)
  report.say('Everything is set up.')
})
