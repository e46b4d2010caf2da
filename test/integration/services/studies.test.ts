/** Studies on real services: trials as runs, pruning, weights of the best, and processes killed in the middle. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { StudyDetail } from '../../../src/shared/domain/studyDetail'
import type { StudyId } from '../../../src/shared/ids'
import type { Services } from '../../../src/main/services/create'
import { temporaryFolder } from '../store/temporary'
import { studio, until } from './studio'
import { tinyStudy } from './studyConfigs'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function runStudy(services: Services, more: Record<string, unknown> = {}): Promise<StudyDetail> {
  const id = await services.studies.start(tinyStudy(more))
  await services.studies.ended(id)
  return services.studies.show(id)
}

function expectWhole(services: Services, study: StudyDetail, trials: number): void {
  expect(study.trialList.map(({ number }) => number)).toEqual(Array.from({ length: trials }, (_, i) => i))
  for (const { state, runs } of study.trialList) {
    expect(state).not.toBe('running')
    expect(runs).toHaveLength(1)
  }
  // Every run belongs to a trial, and none is still going.
  const linked = new Set(study.trialList.flatMap(({ runs }) => runs.map(({ run }) => run)))
  expect(new Set(services.runs.list().map(({ id }) => id))).toEqual(linked)
  for (const { state } of services.runs.list()) expect(['completed', 'stopped']).toContain(state)
}

describe('a study', () => {
  it('makes its trials as ordinary runs, keeps the weights of the best, and says what it taught', async () => {
    const services = studio()
    const study = await runStudy(services, {
      n_trials: 10,
      keep_top_k: 2,
      enqueue: [{ learning_rate: 1e-3 }],
    })
    expect([study.state, study.reason]).toEqual(['completed', 'All 10 trials were made.'])
    expectWhole(services, study, 10)
    expect(study.best).toEqual({ trial: 0, value: 1 })
    const ranked = [...study.trialList].sort((a, b) => b.value! - a.value!)
    ranked.forEach(({ runs, params }, rank) => {
      const detail = services.runs.show(runs[0]!.run)
      expect(existsSync(join(detail.outputDir, 'model'))).toBe(rank < 2)
      expect(detail.config.learning_rate).toBe(params['learning_rate'])
      expect(detail.checkpoints.length > 0).toBe(rank < 2)
    })
    // Every trial saw the rows that the study began with.
    expect(study.config.run['dataset']).toEqual({ version: services.datasets.list()[0]!.latest.id })
    expect(study.lessons).toHaveLength(3)
    expect(study.lessons[0]).toContain('learning_rate')
    const shares = await services.studies
      .importance(study.id, 'fanova')
      .catch((error: unknown) => String(error))
    expect(shares).toContain('the stub does not do importance')
  })

  it('prunes what is worse than the median, with the reason in the run', async () => {
    const services = studio()
    const study = await runStudy(services, {
      pruner: { type: 'median', n_startup_trials: 1 },
      n_trials: 4,
      enqueue: [{ learning_rate: 1e-3 }, { learning_rate: 0.1 }, { learning_rate: 1e-5 }],
    })
    expect(study.trials).toMatchObject({ pruned: 3, complete: 1 })
    expectWhole(services, study, 4)
    const pruned = services.runs.show(study.trialList[1]!.runs[0]!.run)
    expect(pruned.state).toBe('stopped')
    expect(pruned.reason).toMatch(/^Pruned: accuracy 0\.300 at evaluation 1 \(median\)\.$/)
    expect(study.trialList[1]!.intermediate).toEqual([[1, 0.3]])
  })

  it('takes the mean over seeds, and runs trials side by side where it is told to', async () => {
    const services = studio()
    const study = await runStudy(services, { seeds: [1, 2], n_trials: 3, n_jobs: 3 })
    for (const { runs, value } of study.trialList) {
      expect(runs.map(({ seed }) => seed)).toEqual([1, 2])
      expect(value).toBeCloseTo((runs[0]!.value! + runs[1]!.value!) / 2, 12)
    }
    const [first, second] = study.trialList
    expect(second!.startedAtMs).toBeLessThan(first!.endedAtMs!)
  })

  it('says what is wrong with its config', () => {
    const { studies } = studio()
    const problems = (more: Record<string, unknown>) =>
      studies.check(tinyStudy(more)).problems.map(({ where, message }) => `${where.field}: ${message}`)
    expect(problems({ n_trails: 3 })).toEqual(['n_trails: Unknown setting n_trails.'])
    expect(problems({ metric: 'test_accuracy' })).toEqual(['metric: Tuning never sees the test split.'])
    expect(problems({ n_trials: null })).toEqual(['n_trials: The study has no end.'])
    expect(problems({ space: { learning_rat: { type: 'float', low: 0, high: 1 } } })[0]).toContain(
      'Unknown setting learning_rat',
    )
    expect(problems({ space: { dataset: { type: 'categorical', choices: ['a'] } } })[0]).toContain('dataset')
    expect(problems({ space: { learning_rate: { type: 'float', low: 0, high: 1 } } })[0]).toMatch(
      /^space\.learning_rate: /,
    )
    expect(problems({ enqueue: [{ learning_rate: 3 }] })[0]).toContain('outside its range')
  })
})

async function worker(home: string, study?: StudyId): Promise<{ child: ChildProcess; id: StudyId }> {
  const script = fileURLToPath(new URL('studyOwner.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--import', 'jiti/register', script, home, ...(study ? [study] : [])],
    {
      stdio: ['ignore', 'pipe', 2],
    },
  )
  children.push(child)
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer]
  return { child, id: chunk.toString().trim() as StudyId }
}

describe('a study of another process', () => {
  it('can be cancelled from here, and resumed here', async () => {
    const window = studio()
    await window.datasets.resolve({ sample: 'semantic-fields' })
    const { child, id } = await worker(window.home.root)
    await until(() => window.studies.show(id).trialList.length === 2, 'the second trial goes')
    window.studies.cancel(id)
    await until(() => window.studies.show(id).state === 'cancelled', 'it is cancelled')
    expect(window.studies.show(id).trials.running).toBe(0)
    await once(child, 'exit')
    window.studies.resume(id)
    await window.studies.ended(id)
    expect(window.studies.show(id)).toMatchObject({ state: 'completed' })
    expect(window.studies.show(id).trialList).toHaveLength(6)
  })

  it('loses no trial, counts none twice and leaves none running, wherever it was', async () => {
    const window = studio()
    const home = window.home.root
    await window.datasets.resolve({ sample: 'semantic-fields' })
    const first = await worker(home)
    const { id } = first
    let { child } = first
    // In a trial's run, between two trials, and right after a resume.
    for (const trials of [1, 2, 4]) {
      await until(() => window.studies.show(id).trialList.length >= trials, `trial ${trials} was made`)
      await new Promise((resolve) => setTimeout(resolve, 15 * trials))
      child.kill('SIGKILL')
      await once(child, 'exit')
      await until(() => window.studies.show(id).state === 'interrupted', 'the study is interrupted')
      if (trials < 4) child = (await worker(home, id)).child
    }
    window.studies.resume(id)
    await window.studies.ended(id)
    const study = window.studies.show(id)
    expect(study.state).toBe('completed')
    expect(study.trials).toMatchObject({ complete: 6, running: 0, fail: 0 })
    expectWhole(window, study, 6)
    // The same trials as of a study that nobody killed.
    const undisturbed = await runStudy(studio())
    expect(study.trialList.map(({ params }) => params)).toEqual(
      undisturbed.trialList.map(({ params }) => params),
    )
  })

  it('is a studio that was closed: the study waits to be resumed', async () => {
    const home = temporaryFolder()
    const first = studio({ home })
    const id = await first.studies.start(tinyStudy())
    await until(() => first.studies.show(id).trialList.length === 2, 'the second trial goes')
    await first.close()
    const second = studio({ home })
    expect(second.studies.show(id)).toMatchObject({ state: 'interrupted' })
    second.studies.resume(id)
    await second.studies.ended(id)
    expectWhole(second, second.studies.show(id), 6)
  })
})
