// npm run setup: everything that the studio, its command line and its tests need, without starting anything.
import './setup/requireNode.mjs'
import { createReport } from './setup/report.mjs'
import { runScript, runSteps, sayRuntimes, windowSteps } from './setup/setUp.mjs'

await runScript(async () => {
  const report = createReport(process.stdout)
  const count = await runSteps(windowSteps({ needsScreen: true }), report)
  sayRuntimes(report)
  report.say(count === 0 ? 'Nothing to do: everything is set up.' : 'Set up.')
})
