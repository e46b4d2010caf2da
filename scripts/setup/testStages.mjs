// The stages of `npm test`, in order: what each runs, and where the runners leave their counts.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runInForeground } from './launch.mjs'
import { modules, out, root } from './paths.mjs'

const resultsFolder = join(out, 'test')

/**
 * @typedef {{ passed: number, failed: number }} Counts
 * @typedef {object} Stage
 * @property {string} name
 * @property {string[][]} commands scripts below node_modules with their arguments, run side by side
 * @property {'packages' | 'build' | 'window'} needs how much of the set-up
 * @property {(report: any) => Counts} [count] reads the runner's JSON report
 */

/** @param {any} report vitest's; a file that does not load has no tests but is a failure */
export function countVitest(report) {
  const unloaded = report.testResults.filter(
    (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length }
}

/** @param {any} report Playwright's; a test that passed on a retry has passed */
export function countPlaywright({ stats, errors }) {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length }
}

/** @param {string} name */
function resultsFile(name) {
  return join(resultsFolder, `${name}.json`)
}

/**
 * @param {string} project
 * @param {Stage['needs']} needs
 * @returns {Stage}
 */
function vitest(project, needs) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile(project)}`]
  return {
    name: project,
    needs,
    commands: [['vitest/vitest.mjs', 'run', '--project', project, ...reporters]],
    count: countVitest,
  }
}

/** @type {Stage[]} */
export const stages = [
  {
    name: 'typecheck',
    needs: 'packages',
    commands: [
      ['typescript/bin/tsc', '-p', 'tsconfig.main.json', '--noEmit'],
      ['typescript/bin/tsc', '-p', 'tsconfig.test.json', '--noEmit'],
      ['vue-tsc/bin/vue-tsc.js', '-p', 'tsconfig.web.json', '--noEmit'],
    ],
  },
  { name: 'lint', needs: 'packages', commands: [['eslint/bin/eslint.js', '--max-warnings', '0', '.']] },
  {
    name: 'format',
    needs: 'packages',
    commands: [['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  },
  vitest('unit', 'build'),
  vitest('integration', 'window'),
  {
    name: 'e2e',
    needs: 'window',
    commands: [['@playwright/test/cli.js', 'test', '--reporter=list,json']],
    count: countPlaywright,
  },
]

/**
 * Reads `STAGE … [FILTER …]`: filters go to the runner of the one stage named before them.
 * @param {string[]} args
 */
export function chooseStages(args) {
  const firstFilter = args.findIndex((arg) => !stages.some(({ name }) => name === arg))
  const names = firstFilter < 0 ? args : args.slice(0, firstFilter)
  const filters = firstFilter < 0 ? [] : args.slice(firstFilter)
  const chosen = names.length === 0 ? stages : stages.filter(({ name }) => names.includes(name))
  const mistake =
    filters.length > 0 && names.length !== 1
      ? `"${filters[0]}" is no stage, and only one stage at a time takes a filter.`
      : undefined
  return { chosen, filters, mistake }
}

/**
 * @param {Stage} stage
 * @param {string[]} filters
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ ok: boolean } & Counts>} a failed stage counts at least one failure
 */
export async function runStage({ name, commands, count }, filters, env) {
  mkdirSync(resultsFolder, { recursive: true })
  rmSync(resultsFile(name), { force: true })
  const stageEnv = { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: resultsFile(name) }
  const statuses = await Promise.all(
    commands.map(([script = '', ...args]) =>
      runInForeground(process.execPath, [join(modules, script), ...args, ...filters], stageEnv, root),
    ),
  )
  const ok = statuses.every((status) => status === 0)
  const counts = count ? readCounts(name, count) : { passed: 0, failed: 0 }
  return { ok, passed: counts.passed, failed: ok ? counts.failed : Math.max(counts.failed, 1) }
}

/**
 * @param {string} name
 * @param {(report: any) => Counts} count
 */
function readCounts(name, count) {
  try {
    return count(JSON.parse(readFileSync(resultsFile(name), 'utf8')))
  } catch {
    return { passed: 0, failed: 0 }
  }
}
