// npm test [-- STAGE …]: set up, then every stage (or those named) until one fails; closes with the sum of tests.
// npm test -- STAGE FILTER …: one stage, its runner told what to run (npm test -- e2e restart.spec.ts).
import './setup/requireNode.mjs'
import { electronInUse } from './setup/electron.mjs'
import { createReport, formatSeconds } from './setup/report.mjs'
import { packageSteps, runScript, runSteps, sayRuntimes, terminalSteps, windowSteps } from './setup/setUp.mjs'
import { hasDisplay } from './setup/systemLibraries.mjs'
import { chooseStages, runStage, stages } from './setup/testStages.mjs'
import { startVirtualScreen } from './setup/virtualScreen.mjs'

const report = createReport(process.stdout)
const { chosen, filters, mistake } = chooseStages(process.argv.slice(2))
const total = { passed: 0, failed: 0 }

/** @type {NodeJS.ProcessEnv} what end-to-end tests need beside the environment */
const windowEnv = {}

/** @param {import('./setup/testStages.mjs').Stage} stage */
async function timedStage(stage) {
  report.say(`\n── ${stage.name}`)
  const startedMs = performance.now()
  const env = stage.needs === 'window' ? { ...process.env, ...windowEnv } : process.env
  const result = await runStage(stage, filters, env)
  total.passed += result.passed
  total.failed += result.failed
  const elapsed = formatSeconds(performance.now() - startedMs)
  report.say(`── ${stage.name} ${result.ok ? 'passed' : 'FAILED'} (${elapsed})`)
  return result.ok
}

async function runChosen() {
  for (const stage of chosen) {
    if (await timedStage(stage)) continue
    report.say(`\nStopped: the stage "${stage.name}" failed.`)
    process.exitCode = 1
    return
  }
}

if (mistake) {
  report.say(`${mistake} The stages are ${stages.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}

const isReady = await runScript(async () => {
  const needs = new Set(chosen.map((stage) => stage.needs))
  if (needs.has('window')) await runSteps(windowSteps({ needsScreen: true }), report)
  else await runSteps(needs.has('build') ? terminalSteps : packageSteps, report)
  sayRuntimes(report)
  if (!needs.has('window')) return
  windowEnv.ELECTRON_OVERRIDE_DIST_PATH = electronInUse()?.dist
  if (hasDisplay()) return
  windowEnv.DISPLAY = await startVirtualScreen()
})

if (isReady) await runChosen()
else total.failed = 1
report.say(`${total.passed} passed, ${total.failed} failed`)
process.exit()
