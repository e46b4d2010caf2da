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
import { sqlite } from './sqlite.mjs'
import { systemLibraries } from './systemLibraries.mjs'

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => boolean} isDone answers in milliseconds
 * @property {(report: import('./report.mjs').Report) => Promise<string>} run what was done
 */

const lockFile = join(out, 'setup.lock')

/**
 * @param {Step[]} steps
 * @param {import('./report.mjs').Report} report
 * @returns {Promise<number>} how many steps had something to do
 */
export async function runSteps(steps, report) {
  let count = 0
  try {
    for (const step of steps) {
      if (step.isDone()) continue
      if (count === 0)
        await lock(lockFile, (owner) => report.note(`waiting for another set-up (process ${owner})`))
      if (step.isDone()) continue
      count++
      const startedMs = performance.now()
      report.done(step.name, await step.run(report), performance.now() - startedMs)
    }
  } finally {
    unlock(lockFile)
  }
  return count
}

/**
 * Steps for a run without a window need no Electron and no system libraries.
 * @param {{ window: boolean, screen?: boolean, built?: boolean }} options
 * @returns {Step[]}
 */
export function stepsFor({ window, screen = false, built = true }) {
  return [
    dependencies,
    ...(window ? [electron] : []),
    sqlite,
    ...(window ? [systemLibraries({ needsScreen: screen })] : []),
    kernels,
    ...(built ? [build] : []),
  ]
}

/**
 * Runs a script's work; a failure of the set-up becomes one sentence, the next step and exit code 1.
 * @param {() => Promise<void>} work
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
  for (const signal of signals) process.once(signal, interrupted)
  try {
    await work()
  } catch (error) {
    const failure = explainSystemError(error)
    if (!(failure instanceof SetupFailure)) throw failure
    process.stderr.write(`\n${failure.message}.\n${failure.nextStep}\n`)
    process.exitCode = 1
  } finally {
    for (const signal of signals) process.removeListener(signal, interrupted)
  }
}

/** @param {import('./report.mjs').Report} report */
export function sayRuntimes(report) {
  const use = electronInUse()
  report.say(`Node ${process.versions.node} · ${use ? describeElectron(use) : 'no Electron'}`)
}
