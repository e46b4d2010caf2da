import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FEEDS, logitsGraph } from '../../../../src/main/engine/models/classifierGraph'
import { MASKED_SCORE } from '../../../../src/main/engine/ops/relative'
import { openModel, type OpenModel } from '../../../../src/main/engine/models/open'
import { type HostTensors, Session } from '../../../../src/main/engine/runtime/session'
import { BatchRunner, scratchBytes } from '../../../../src/main/engine/train/batchRunner'
import { Parameters } from '../../../../src/main/engine/train/parameters'
import type { LabelledRows } from '../../../../src/main/engine/train/rows'
import {
  BERT,
  isKeyBias,
  largestDifference,
  MODELS,
  readJson,
  readTensors,
  relativeDistance,
} from './fixtures'

interface Forward {
  input_ids: number[][]
  token_type_ids: number[][]
  attention_mask: number[][]
  labels: number[]
  class_weights: number[]
  label_smoothing_factor: number
  logits: number[][]
  losses: { name: string; loss_float64: number; gradient_norm_float64: number; gradients?: string }[]
}

const noDropout = { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 }

async function loaded(name: string): Promise<OpenModel> {
  return openModel({ kind: 'folder', dir: join(BERT, 'models', name) }, { overrides: noDropout })
}

/** The rows of the batch without their padding. */
function rowsOf({ input_ids, token_type_ids, attention_mask, labels }: Forward): LabelledRows {
  const kept = (table: number[][]) =>
    Int32Array.from(table.flatMap((row, r) => row.filter((_, t) => attention_mask[r]![t] === 1)))
  const offsets = [0]
  for (const row of attention_mask) offsets.push(offsets.at(-1)! + row.reduce((a, b) => a + b, 0))
  return {
    ids: kept(input_ids),
    typeIds: kept(token_type_ids),
    offsets: Int32Array.from(offsets),
    labels: Int32Array.from(labels),
  }
}

describe.each(MODELS)('%s', (name) => {
  const golden = readJson('forward', name, 'forward.json') as Forward
  const [rows, length] = [golden.input_ids.length, golden.input_ids[0]!.length]

  it('gives the logits of Transformers', async () => {
    const opened = await loaded(name)
    const parameters = await Parameters.reserve(opened.model.parameters, { slots: null })
    expect(await opened.fill((parameter) => parameters.get(parameter).values, 0)).toEqual([])
    const session = await Session.create(logitsGraph(opened.model, { rows, length, hasTypes: true }), {
      numThreads: 1,
    })
    const ids = (table: number[][]) => ({
      dtype: 'int32' as const,
      shape: [rows, length],
      data: Int32Array.from(table.flat()),
    })
    const bias = Float32Array.from(golden.attention_mask.flat(), (keep) => (keep ? 0 : MASKED_SCORE))
    const weights = parameters
      .all()
      .map(({ spec, values }) => [spec.name, { dtype: 'float32' as const, shape: spec.shape, data: values }])
    const { logits } = await session.evaluate({
      [FEEDS.ids]: ids(golden.input_ids),
      [FEEDS.types]: ids(golden.token_type_ids),
      [FEEDS.bias]: { dtype: 'float32', shape: [rows, 1, 1, length], data: bias },
      ...(Object.fromEntries(weights) as HostTensors),
    })
    expect(largestDifference(logits!.data as Float32Array, golden.logits.flat())).toBeLessThanOrEqual(1e-5)
    await session.release()
  })

  it.each(golden.losses.map((loss) => [loss.name, loss] as const))(
    'gives the loss and every gradient: %s',
    async (lossName, loss) => {
      const opened = await loaded(name)
      const batch = rowsOf(golden)
      const parameters = await Parameters.reserve(opened.model.parameters, {
        slots: [],
        scratchBytes: scratchBytes(opened.model, batch),
      })
      await opened.fill((parameter) => parameters.get(parameter).values, 0)
      const runner = await BatchRunner.create(
        {
          model: opened.model,
          objective: opened.objective,
          rows: batch,
          shapes: [
            { rows: 3, length: 8 },
            { rows: 2, length: 12 },
            { rows: 1, length: 16 },
          ],
          seed: 1,
          loss: {
            labelSmoothing: lossName.includes('label_smoothing') ? golden.label_smoothing_factor : 0,
            ...(lossName.includes('class_weights') && { classWeights: golden.class_weights }),
          },
          session: { numThreads: 1 },
        },
        parameters,
      )
      const result = await runner.run(batch, [0, 1, 2, 3, 4], 0)
      expect(result.tokens).toBe(batch.ids.length)
      expect(Math.abs(result.loss / loss.loss_float64 - 1)).toBeLessThanOrEqual(2e-6)
      if (loss.gradients !== undefined) {
        const expected = await readTensors('forward', name, loss.gradients)
        for (const [parameter, gradient] of expected) {
          const ours = parameters.gradient(parameter)
          if (isKeyBias(parameter)) expect(largestDifference(ours, gradient), parameter).toBeLessThan(1e-6)
          else expect(relativeDistance(ours, gradient), parameter).toBeLessThanOrEqual(1e-4)
        }
        expect(expected.size).toBe(opened.model.parameters.length)
      }
      await runner.release()
    },
  )
})
