// Every kind of answer of test/golden/tasks: the Trainer's twelve steps, its final weights and what they then say.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OBJECTIVES } from '../../../../src/main/engine/objectives/registry'
import { EvaluationLoss } from '../../../../src/main/engine/train/evaluate'
import { loadPredictor } from '../../../../src/main/engine/train/predict'
import type { LabelledRows } from '../../../../src/main/engine/train/rows'
import { trainRun } from '../../../../src/main/engine/train/trainRun'
import type { RunEvent } from '../../../../src/shared/domain/run'
import { parseRunConfig } from '../../../../src/shared/domain/runConfig'
import { RunId } from '../../../../src/shared/ids'
import { scripted } from '../train/tinyRun'
import { isKeyBias, largestDifference, readTensorFile, relativeDistance } from './fixtures'

const TASKS = new URL('../../../golden/tasks/', import.meta.url).pathname
const PROBLEMS = ['multi-label', 'regression', 'token-classification', 'masked-lm'] as const
const LABELS = { 'multi-label': 3, regression: 1, 'token-classification': 3, 'masked-lm': 0 }

interface Golden {
  input_ids: number[][]
  attention_mask: number[][]
  labels: number[] | number[][]
  steps: { loss: number; grad_norm: number; learning_rate: number }[]
  loss_after: number
  logits_after: number[][] | number[][][]
}

/** Rows without padding; where tokens are asked about, the labels that are not −100 and where they stand. */
function rowsOf(golden: Golden, isByToken: boolean): LabelledRows {
  const lengths = golden.attention_mask.map((row) => row.reduce((a, b) => a + b))
  const starts = (counts: number[]) =>
    Int32Array.from([0, ...counts.map((_, i) => counts.slice(0, i + 1).reduce((a, b) => a + b))])
  const tokens = {
    ids: Int32Array.from(golden.input_ids.flatMap((row, r) => row.slice(0, lengths[r]))),
    offsets: starts(lengths),
    typeIds: null,
  }
  if (!isByToken) return { ...tokens, labels: Float32Array.from(golden.labels.flat()) }
  const asked = (golden.labels as number[][]).map((row) =>
    row.flatMap((label, at) => (label === -100 ? [] : [{ label, at }])),
  )
  return {
    ...tokens,
    places: {
      positions: Int32Array.from(asked.flat(), ({ at }) => at),
      offsets: starts(asked.map((row) => row.length)),
    },
    labels: Int32Array.from(asked.flat(), ({ label }) => label),
  }
}

describe.each(PROBLEMS)('%s', (problem) => {
  let folder = ''
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'tasks-'))))
  afterAll(() => rm(folder, { recursive: true }))

  it.each([1, 2])('takes the Trainer’s steps, with the batch in %d parts', async (parts) => {
    const dir = join(TASKS, problem)
    const golden = JSON.parse(await readFile(join(dir, 'golden.json'), 'utf8')) as Golden
    const objective = OBJECTIVES[problem]
    const rows = rowsOf(golden, objective.isByToken)
    const count = golden.input_ids.length
    const config = parseRunConfig({
      task: objective.task,
      model: dir,
      dataset: { train: 'rows' },
      learning_rate: 5e-3,
      weight_decay: 0.01,
      per_device_train_batch_size: count / parts,
      gradient_accumulation_steps: parts,
      num_train_epochs: 12,
      logging_steps: 1,
      save_strategy: 'no',
      num_threads: 1,
    })
    const events: RunEvent[] = []
    const outputDir = join(folder, `model-${parts}`)
    const result = await trainRun(
      {
        runId: RunId.parse('golden'),
        config,
        origin: { kind: 'folder', dir },
        objective,
        labels: ['up', 'down', 'left'].slice(0, LABELS[problem]),
        train: rows,
        validation: null,
        outputDir,
        checkpointsDir: join(folder, 'checkpoints'),
        tokenizerFiles: {},
        facts: { data_sha256: 'data', tokenizer_sha256: 'tokenizer' },
      },
      {
        emit: (event) => events.push(event),
        signal: new AbortController().signal,
        paused: () => null,
        newScorer: scripted(() => ({})),
      },
    )
    expect(result.state).toBe('completed')
    const steps = events.filter((event) => event.event === 'step')
    expect(steps).toHaveLength(golden.steps.length)
    steps.forEach((step, i) => {
      for (const name of ['loss', 'grad_norm', 'learning_rate'] as const)
        expect(Math.abs(step[name] / golden.steps[i]![name] - 1), `${name} of step ${i + 1}`).toBeLessThan(
          1e-4,
        )
    })

    const { predictor, opened, notes } = await loadPredictor({ kind: 'folder', dir: outputDir })
    expect([notes, opened.objective.id]).toEqual([[], problem])
    for (const [name, weights] of await readTensorFile(join(dir, 'final.safetensors'))) {
      const { values } = predictor.parameters.get(name)
      // From zero and with a gradient of zero, a key's bias only walks on rounding noise: as far as its steps carry it.
      if (isKeyBias(name)) expect(largestDifference(values, weights), name).toBeLessThan(0.07)
      else expect(relativeDistance(values, weights), name).toBeLessThan(1e-4)
    }
    const loss = new EvaluationLoss(objective, rows, { batchSize: count, labelSmoothing: 0 })
    await predictor.run(rows, (answer, logits) => loss.add(answer, logits))
    expect(Math.abs(loss.value() / golden.loss_after - 1)).toBeLessThan(1e-4)
    const logits = await predictor.logits(rows)
    const expected = objective.isByToken
      ? (golden.labels as number[][]).flatMap((row, r) =>
          row.flatMap((label, t) => (label === -100 ? [] : (golden.logits_after as number[][][])[r]![t]!)),
        )
      : (golden.logits_after as number[][]).flat()
    expect(largestDifference(logits, expected)).toBeLessThan(2e-3)
    await predictor.release()
  })
})
