// npm test [-- STAGE …]: set up, then every stage (or those named) until one fails; closes with the sum of tests.
import './setup/requireNode.mjs'
import { electronInUse } from './setup/electron.mjs'
import { createReport, formatSeconds } from './setup/report.mjs'
import { runScript, runSteps, sayRuntimes, windowSteps } from './setup/setUp.mjs'
import { hasDisplay } from './setup/systemLibraries.mjs'
import { runStage, stages } from './setup/testStages.mjs'
import { startVirtualScreen } from './setup/virtualScreen.mjs'

const report = createReport(process.stdout)
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name))
const total = { passed: 0, failed: 0 }

/** @param {import('./setup/testStages.mjs').Stage} stage */
async function timedStage(stage) {
  report.say(`\n── ${stage.name}`)
  const startedMs = performance.now()
  const needsScreen = stage.name === 'e2e' && !hasDisplay()
  const screen = needsScreen ? await startVirtualScreen() : undefined
  const env = {
    ...process.env,
    ...(stage.name === 'e2e' && { ELECTRON_OVERRIDE_DIST_PATH: electronInUse()?.dist }),
    ...(screen && { DISPLAY: screen.display }),
  }
  const result = await runStage(stage, env)
  screen?.stop()
  total.passed += result.passed
  total.failed += result.failed
  const elapsed = formatSeconds(performance.now() - startedMs)
  report.say(`── ${stage.name} ${result.ok ? 'passed' : 'FAILED'} (${elapsed})`)
  return result.ok
}

if (unknown.length > 0) {
  report.say(`No stage is called ${unknown.join(', ')}: ${stages.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}

const isReady = await runScript(async () => {
  await runSteps(windowSteps({ needsScreen: true }), report)
  sayRuntimes(report)
})

if (isReady) {
  for (const stage of stages) {
    if (wanted.length > 0 && !wanted.includes(stage.name)) continue
    if (await timedStage(stage)) continue
    report.say(`\nStopped: the stage "${stage.name}" failed.`)
    process.exitCode = 1
    break
  }
  report.say(`${total.passed} passed, ${total.failed} failed`)
}
