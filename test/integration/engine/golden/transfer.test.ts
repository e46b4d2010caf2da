import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withSafetensors } from '../../../../src/main/engine/checkpoint/safetensors'
import { configLabels } from '../../../../src/main/engine/models/labels'
import { readModelConfig } from '../../../../src/main/engine/models/open'
import { OBJECTIVES } from '../../../../src/main/engine/objectives/registry'
import { loadPredictor } from '../../../../src/main/engine/train/predict'
import { trainRun } from '../../../../src/main/engine/train/trainRun'
import type { RunEvent, StepMetrics } from '../../../../src/shared/domain/run'
import { parseRunConfig } from '../../../../src/shared/domain/runConfig'
import { RunId } from '../../../../src/shared/ids'
import { isKeyBias, largestDifference, relativeDistance } from './fixtures'
import { accuracyScorer } from '../train/tinyRun'
import { encoded, relative } from './rows'

const HERE = new URL('../../../golden/transfer/', import.meta.url).pathname
const CASES = readdirSync(HERE).filter((name) => statSync(join(HERE, name)).isDirectory())

interface Trajectory {
  trainable_parameters: number
  steps: Pick<StepMetrics, 'step' | 'epoch' | 'loss' | 'grad_norm' | 'learning_rate'>[]
  validation_logits_after: number[][]
  merged_logits_after: number[][] | null
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'transfer-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function tensorsOf(file: string): Promise<Map<string, Float32Array>> {
  return withSafetensors(file, async (reader) => {
    const tensors = new Map<string, Float32Array>()
    for (const { name, byteLength } of reader.tensors.values()) {
      const data = new Float32Array(byteLength / 4)
      await reader.readFloat32(name, data)
      tensors.set(name, data)
    }
    return tensors
  })
}

function expectSame(
  ours: ReadonlyMap<string, Float32Array>,
  theirs: ReadonlyMap<string, Float32Array>,
): void {
  for (const [name, weights] of theirs)
    expect(relativeDistance(ours.get(name)!, weights), name).toBeLessThan(isKeyBias(name) ? 0.05 : 1e-4)
}

describe.each(CASES)('training a part of the model, %s', (name) => {
  it('takes the steps of Trainer and PEFT to the same weights', async () => {
    const here = join(HERE, name)
    const golden = JSON.parse(readFileSync(join(here, 'trajectory.json'), 'utf8')) as Trajectory
    const config = parseRunConfig({
      ...(JSON.parse(await readFile(join(here, 'run.json'), 'utf8')) as object),
      num_threads: 1,
    })
    const modelDir = join(here, config.model as string)
    const labels = configLabels(await readModelConfig(modelDir))!
    const { train, validation } = config.dataset as { train: string; validation: string }
    const rows = await encoded(join(here, train), config, modelDir, labels)
    const held = await encoded(join(here, validation), config, modelDir, labels)
    const events: RunEvent[] = []
    const outputDir = join(folder, name, 'model')
    await trainRun(
      {
        runId: RunId.parse(name),
        config,
        origin: { kind: 'folder', dir: config.adapter ? join(here, 'initial') : modelDir },
        labels,
        objective: OBJECTIVES['single-label'],
        train: rows,
        validation: held,
        outputDir,
        checkpointsDir: join(folder, name, 'checkpoints'),
        tokenizerFiles: {},
        facts: { data_sha256: 'data', tokenizer_sha256: 'tokenizer' },
      },
      {
        emit: (event) => events.push(event),
        signal: new AbortController().signal,
        paused: () => null,
        newScorer: () => accuracyScorer(held),
      },
    )
    const [start] = events.filter((event) => event.event === 'start')
    expect(start!.trainable_parameters).toBe(golden.trainable_parameters)
    const steps = events.filter((event) => event.event === 'step')
    expect(steps.length).toBe(golden.steps.length)
    steps.forEach((step, i) => {
      const expected = golden.steps[i]!
      expect(relative(step.loss, expected.loss), `loss of step ${i + 1}`).toBeLessThan(1e-4)
      expect(relative(step.grad_norm, expected.grad_norm), `norm of step ${i + 1}`).toBeLessThan(1e-4)
    })

    const final = await tensorsOf(join(outputDir, 'model.safetensors'))
    if (config.adapter)
      expectSame(
        await tensorsOf(join(outputDir, 'adapter', 'adapter_model.safetensors')),
        await tensorsOf(join(here, 'final', 'adapter_model.safetensors')),
      )
    else {
      const trained = await tensorsOf(join(here, 'final.safetensors'))
      expectSame(final, trained)
      for (const [parameter, weights] of await tensorsOf(join(modelDir, 'model.safetensors')))
        if (!trained.has(parameter)) expect([...final.get(parameter)!], parameter).toEqual([...weights])
    }
    const after = await loadPredictor({ kind: 'folder', dir: outputDir })
    const logits = await after.predictor.logits(held)
    const expected = golden.merged_logits_after ?? golden.validation_logits_after
    expect(largestDifference(logits, expected.flat())).toBeLessThan(2e-3)
    await after.predictor.release()
  })
})

describe.each(CASES.filter((name) => name.startsWith('lora')))('an adapter made by PEFT, %s', (name) => {
  it('is merged into its base on opening, to the logits of PEFT', async () => {
    const here = join(HERE, name)
    const golden = JSON.parse(readFileSync(join(here, 'trajectory.json'), 'utf8')) as Trajectory
    const config = parseRunConfig(JSON.parse(await readFile(join(here, 'run.json'), 'utf8')))
    const modelDir = join(here, config.model as string)
    const labels = configLabels(await readModelConfig(modelDir))!
    const { validation } = config.dataset as { validation: string }
    const held = await encoded(join(here, validation), config, modelDir, labels)
    const { predictor, notes } = await loadPredictor({ kind: 'folder', dir: join(here, 'final') })
    expect(notes).toEqual([])
    const logits = await predictor.logits(held)
    expect(largestDifference(logits, golden.merged_logits_after!.flat())).toBeLessThan(1e-5)
    await predictor.release()
  })
})
