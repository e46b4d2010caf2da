import { mkdtemp, rm } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configLabels } from '../../../../src/main/engine/models/labels'
import { readModelConfig } from '../../../../src/main/engine/models/open'
import { loadPredictor } from '../../../../src/main/engine/train/predict'
import { OBJECTIVES } from '../../../../src/main/engine/objectives/registry'
import { trainRun } from '../../../../src/main/engine/train/trainRun'
import type { RunEvent, StepMetrics } from '../../../../src/shared/domain/run'
import { parseRunConfig } from '../../../../src/shared/domain/runConfig'
import { RunId } from '../../../../src/shared/ids'
import { accuracyScorer } from '../train/tinyRun'
import { BERT, isKeyBias, largestDifference, readJson, readTensors, relativeDistance } from './fixtures'
import { encoded, relative } from './rows'

interface Trajectory {
  train_input_ids: number[][]
  steps: Pick<StepMetrics, 'step' | 'epoch' | 'loss' | 'grad_norm' | 'learning_rate'>[]
  evaluations: { step: number; epoch: number; eval_loss: number; eval_accuracy: number }[]
  validation_logits_before: number[][]
  validation_logits_after: number[][]
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trajectories-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe.each(readdirSync(join(BERT, 'trajectories')).sort())('the Trainer, %s', (name) => {
  it('takes the same steps to the same weights', async () => {
    const here = join(BERT, 'trajectories', name)
    const golden = readJson('trajectories', name, 'trajectory.json') as Trajectory
    const config = parseRunConfig({
      ...(readJson('trajectories', name, 'run.json') as object),
      num_threads: 1,
    })
    const modelDir = join(here, config.model as string)
    const labels = configLabels(await readModelConfig(modelDir))!
    const { train, validation } = config.dataset as { train: string; validation: string }
    const rows = await encoded(join(here, train), config, modelDir, labels)
    const held = await encoded(join(here, validation), config, modelDir, labels)
    expect([...rows.ids]).toEqual(golden.train_input_ids.flat())

    const before = await loadPredictor({ kind: 'folder', dir: modelDir })
    const logitsBefore = await before.predictor.logits(held)
    expect(largestDifference(logitsBefore, golden.validation_logits_before.flat())).toBeLessThan(1e-5)

    const events: RunEvent[] = []
    const outputDir = join(folder, name, 'model')
    const result = await trainRun(
      {
        runId: RunId.parse(name),
        config,
        origin: { kind: 'folder', dir: modelDir },
        labels,
        objective: OBJECTIVES['single-label'],
        train: rows,
        validation: held,
        outputDir,
        checkpointsDir: join(folder, name, 'checkpoints'),
        tokenizerFiles: { 'tokenizer.json': join(modelDir, 'tokenizer.json') },
        facts: { data_sha256: 'data', tokenizer_sha256: 'tokenizer' },
      },
      {
        emit: (event) => events.push(event),
        signal: new AbortController().signal,
        paused: () => null,
        newScorer: () => accuracyScorer(held),
      },
    )
    expect(result.state).toBe('completed')

    const steps = events.filter((event) => event.event === 'step')
    expect(steps.map(({ step, epoch }) => [step, epoch])).toEqual(
      golden.steps.map(({ step, epoch }) => [step, epoch]),
    )
    steps.forEach((step, i) => {
      const expected = golden.steps[i]!
      expect(relative(step.loss, expected.loss), `loss of step ${i + 1}`).toBeLessThan(1e-4)
      expect(relative(step.grad_norm, expected.grad_norm), `norm of step ${i + 1}`).toBeLessThan(1e-4)
      expect(step.learning_rate).toBeCloseTo(expected.learning_rate, 15)
    })

    const evaluations = events.filter((event) => event.event === 'evaluate')
    expect(evaluations.map(({ step, epoch }) => [step, epoch])).toEqual(
      golden.evaluations.map(({ step, epoch }) => [step, epoch]),
    )
    evaluations.forEach(({ metrics }, i) => {
      expect(relative(metrics['loss']!, golden.evaluations[i]!.eval_loss)).toBeLessThan(1e-4)
      expect(metrics['accuracy']).toBeCloseTo(golden.evaluations[i]!.eval_accuracy, 12)
    })

    const final = await readTensors('trajectories', name, 'final.safetensors')
    const after = await loadPredictor({ kind: 'folder', dir: outputDir })
    expect(after.notes).toEqual([])
    for (const [parameter, weights] of final) {
      const bound = isKeyBias(parameter) ? 0.05 : 1e-4
      const distance = relativeDistance(after.predictor.parameters.get(parameter).values, weights)
      expect(distance, parameter).toBeLessThan(bound)
    }
    const logitsAfter = await after.predictor.logits(held)
    expect(largestDifference(logitsAfter, golden.validation_logits_after.flat())).toBeLessThan(2e-3)
    await before.predictor.release()
    await after.predictor.release()
  })
})
