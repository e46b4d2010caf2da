// The set-up as a whole: the steps in order, each skipped when its inputs have not changed since it succeeded.
import { join } from 'node:path'
import { build } from './build.mjs'
import { killChildren } from './childProcess.mjs'
import { dependencies } from './dependencies.mjs'
import { describeElectron, electron, electronInUse } from './electron.mjs'
import { SetupFailure, explainSystemError } from './failure.mjs'
import { kernels } from './kernels.mjs'
import { lock, unlock } from './lock.mjs'
import { out } from './paths.mjs'
import { sandbox } from './sandbox.mjs'
import { sqlite } from './sqlite.mjs'
import { systemLibraries } from './systemLibraries.mjs'

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => boolean} isDone answers in milliseconds
 * @property {(report: import('./report.mjs').Report) => Promise<string>} run what was done
 * @property {string} [without] what still works when the step fails; a step without it must succeed
 */

/**
 * @param {Step} step
 * @param {import('./report.mjs').Report} report
 */
async function runStep(step, report) {
  const startedMs = performance.now()
  try {
    report.done(step.name, await step.run(report), performance.now() - startedMs)
  } catch (error) {
    const failure = explainSystemError(error)
    if (step.without === undefined || !(failure instanceof SetupFailure)) throw failure
    report.note(`${failure.message}. ${step.without}`)
  }
}

/**
 * @param {Step[]} steps
 * @param {import('./report.mjs').Report} report
 * @param {string} [lockFile]
 */
export async function runSteps(steps, report, lockFile = join(out, 'setup.lock')) {
  const tellOwner = (/** @type {number} */ owner) =>
    report.note(`waiting for another set-up (process ${owner})`)
  let locked = false
  try {
    for (const step of steps) {
      if (step.isDone()) continue
      if (!locked) await lock(lockFile, tellOwner)
      locked = true
      if (step.isDone()) continue
      await runStep(step, report)
    }
  } finally {
    unlock(lockFile)
  }
}

/** What checks that only read the sources need. @type {Step[]} */
export const packageSteps = [dependencies]

/** What a run without a window needs. @type {Step[]} */
export const terminalSteps = [dependencies, sqlite, kernels, build]

/**
 * What the window needs. Where there is no display it is prepared too, but its failure then stops nothing.
 * @param {object} [options]
 * @param {boolean} [options.needsScreen] tests show windows on a virtual screen
 * @param {boolean} [options.recheck] ask the system again what it holds
 * @param {string} [options.without]
 * @returns {Step[]}
 */
export function windowSteps({ needsScreen = false, recheck = false, without } = {}) {
  const mark = (/** @type {Step} */ step) => (without === undefined ? step : { ...step, without })
  return [
    dependencies,
    mark(electron),
    sqlite,
    mark(systemLibraries({ needsScreen, recheck })),
    mark(sandbox),
    kernels,
    build,
  ]
}

/**
 * Runs a script's work; a failure of the set-up becomes one sentence, the next step and exit code 1.
 * @param {() => Promise<void>} work
 * @returns {Promise<boolean>} whether it went well
 */
export async function runScript(work) {
  const interrupted = () => {
    killChildren()
    process.stderr.write(
      '\nThe set-up was interrupted. Run the same command again: finished steps are kept.\n',
    )
    process.exit(1)
  }
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  for (const signal of signals) process.on(signal, interrupted)
  try {
    await work()
    return true
  } catch (error) {
    const failure = explainSystemError(error)
    if (!(failure instanceof SetupFailure)) throw failure
    const stop = failure.message.includes('\n') ? '' : '.'
    process.stderr.write(`\n${failure.message}${stop}\n${failure.nextStep}\n`)
    process.exitCode = 1
    return false
  } finally {
    for (const signal of signals) process.removeListener(signal, interrupted)
  }
}

/** @param {import('./report.mjs').Report} report */
export function sayRuntimes(report) {
  const use = electronInUse()
  report.say(`Node ${process.versions.node} · ${use ? describeElectron(use) : 'no Electron'}`)
}
