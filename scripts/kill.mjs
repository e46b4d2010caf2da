// npm run kill [-- KILLS [SEED]]: kills a training again and again at random moments and proves that nothing is lost.
import './setup/requireNode.mjs'
import { createReport } from './setup/report.mjs'
import { runScript, runSteps, terminalSteps } from './setup/setUp.mjs'
import { runStage, stages } from './setup/testStages.mjs'

const [kills = '200', seed = '1'] = process.argv.slice(2)
const integration = stages.find(({ name }) => name === 'integration')

if (integration && (await runScript(() => runSteps(terminalSteps, createReport(process.stderr))))) {
  const env = { ...process.env, TUNESMITH_KILLS: kills, TUNESMITH_KILL_SEED: seed }
  const { ok } = await runStage(integration, ['test/integration/crash'], env)
  if (!ok) process.exitCode = 1
}
