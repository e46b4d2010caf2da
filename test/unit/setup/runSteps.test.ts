// The order and the outcome of steps: what is skipped, what stops the set-up, what does not.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SetupFailure } from '../../../scripts/setup/failure.mjs'
import { createReport } from '../../../scripts/setup/report.mjs'
import { runSteps, terminalSteps, windowSteps } from '../../../scripts/setup/setUp.mjs'

let folder: string
let stream: PassThrough
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunesmith-steps-'))
  stream = new PassThrough()
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface FakeStep {
  name: string
  isDone: () => boolean
  run: () => Promise<string>
  without?: string
}

function step(name: string, isDone: boolean, outcome: string | Error = 'made', without?: string): FakeStep {
  return {
    name,
    isDone: () => isDone,
    run: () => (outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome)),
    ...(without !== undefined && { without }),
  }
}

async function printed(steps: FakeStep[]): Promise<string> {
  await runSteps(steps, createReport(stream), join(folder, 'lock'))
  return String(stream.read() ?? '')
}

describe('runSteps', () => {
  it('prints nothing and takes no lock when everything is done', async () => {
    expect(await printed([step('a', true), step('b', true)])).toBe('')
    expect(existsSync(join(folder, 'lock'))).toBe(false)
  })

  it('prints one line for each step that had something to do, and gives the lock back', async () => {
    const lines = (await printed([step('a', false), step('b', true), step('c', false)])).trim().split('\n')
    expect(lines).toEqual([
      expect.stringMatching(/✓ a: made \(0\.\d s\)/),
      expect.stringMatching(/✓ c: made/),
    ])
    expect(existsSync(join(folder, 'lock'))).toBe(false)
  })

  it('does not repeat a step that another set-up finished while this one waited', async () => {
    let asked = 0
    const raced = { ...step('a', false), isDone: () => ++asked > 1 }
    expect(await printed([raced])).toBe('')
  })

  it('stops at a step that must succeed', async () => {
    const failure = new SetupFailure('No compiler', 'Install one.')
    await expect(printed([step('a', false, failure), step('b', false)])).rejects.toBe(failure)
    expect(existsSync(join(folder, 'lock'))).toBe(false)
  })

  it('goes on after a step that the run can do without', async () => {
    const failure = new SetupFailure('No Electron', 'Check the network.')
    const text = await printed([step('a', false, failure, 'The sample needs none.'), step('b', false)])
    expect(text).toMatch(/No Electron\. The sample needs none\.\n.*✓ b/)
  })
})

describe('the steps', () => {
  it('install the packages first and build last, with and without a window', () => {
    for (const steps of [terminalSteps, windowSteps()]) {
      expect(steps[0]?.name).toBe('dependencies')
      expect(steps.at(-1)?.name).toBe('build')
    }
    const names = windowSteps().map(({ name }) => name)
    expect(names.indexOf('Electron')).toBeLessThan(names.indexOf('better-sqlite3'))
  })
})
