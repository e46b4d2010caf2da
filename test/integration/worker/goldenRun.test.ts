import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'
import type { RunId } from '../../../src/shared/ids'
import { runTask, startTask } from '../../helpers/worker'

interface Trajectory {
  steps: { step: number; loss: number; grad_norm: number; learning_rate: number }[]
  evaluations: { step: number; eval_loss: number; eval_accuracy: number }[]
}
interface GoldenConfig {
  model: string
  dataset: { train: string; validation: string }
}

const trajectories = fileURLToPath(new URL('../../golden/bert/trajectories', import.meta.url))
let folder = ''
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'golden-'))))
afterAll(() => rm(folder, { recursive: true }))

/** Files in, events out: reading, roles, labels, tokenizing and training together. */
describe.each(['linear', 'pairs', 'class-weights-balanced'])('the run %s through a worker', (name) => {
  it('has the losses, norms, rates and evaluations of the Trainer', async () => {
    const read = async (file: string) =>
      JSON.parse(await readFile(join(trajectories, name, file), 'utf8')) as unknown
    const [raw, golden] = [
      (await read('run.json')) as GoldenConfig,
      (await read('trajectory.json')) as Trajectory,
    ]
    const at = (path: string) => resolve(trajectories, name, path)
    const dataset = { train: at(raw.dataset.train), validation: at(raw.dataset.validation) }
    const datasetFile = join(folder, `${name}.dataset`)
    await runTask({
      kind: 'import',
      source: { kind: 'splits', ...dataset },
      split: null,
      outputFile: datasetFile,
    })
    const started = startTask({
      kind: 'run',
      runId: name as RunId,
      config: parseRunConfig({ ...raw, model: at(raw.model), dataset, num_threads: 1 }),
      datasetFile,
      runDir: join(folder, name),
      cacheDir: join(folder, 'cache'),
      modelDir: at(raw.model),
      resumeFrom: [],
      isTrial: false,
    })
    expect(await started.result).toEqual({ state: 'completed' })
    const close = (value: number, expected: number) =>
      expect(Math.abs(value - expected) / Math.max(Math.abs(expected), 1e-12)).toBeLessThan(1e-4)
    const steps = started.events.filter((event) => event.event === 'step')
    expect(steps.map(({ step }) => step)).toEqual(golden.steps.map(({ step }) => step))
    golden.steps.forEach((expected, i) => {
      close(steps[i]!.loss, expected.loss)
      close(steps[i]!.grad_norm, expected.grad_norm)
      close(steps[i]!.learning_rate, expected.learning_rate)
    })
    const evaluations = started.events.filter((event) => event.event === 'evaluate')
    expect(evaluations.map(({ step }) => step)).toEqual(golden.evaluations.map(({ step }) => step))
    golden.evaluations.forEach((expected, i) => {
      close(evaluations[i]!.metrics.loss!, expected.eval_loss)
      close(evaluations[i]!.metrics.accuracy!, expected.eval_accuracy)
    })
  })
})
