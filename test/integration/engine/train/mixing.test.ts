import { describe, expect, it } from 'vitest'
import '../../../helpers/closeness'
import { openModel, type OpenModel } from '../../../../src/main/engine/models/open'
import { BatchRunner, scratchBytes } from '../../../../src/main/engine/train/batchRunner'
import { drawMixing } from '../../../../src/main/engine/train/mixing'
import { Parameters } from '../../../../src/main/engine/train/parameters'
import { LABELS, TINY_BERT, tinyRows } from './tinyRun'

const rows = tinyRows(9, 3, true)
const config = { ...TINY_BERT, hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 }
const members = [4, 0, 8, 2, 6, 1]
const ALPHA = 0.4
const SEED = 5
const STEP = 3

interface Trained {
  opened: OpenModel
  parameters: Parameters
  runner: BatchRunner
}

async function trained(mixupAlpha: number | null, architecture = 'bert'): Promise<Trained> {
  const opened = await openModel({ kind: 'random', architecture, config }, { labels: LABELS })
  const { model, objective } = opened
  const parameters = await Parameters.reserve(model.parameters, {
    slots: [],
    scratchBytes: scratchBytes(model, rows, members.length, mixupAlpha !== null),
  })
  await opened.fill((name) => parameters.get(name).values, 1)
  const runner = await BatchRunner.create(
    {
      model,
      objective,
      rows,
      batchRows: members.length,
      shapes: [{ rows: 2, length: 32 }],
      seed: SEED,
      loss: { labelSmoothing: 0, classWeights: [1, 2, 0.5] },
      mixupAlpha,
      session: { numThreads: 1 },
    },
    parameters,
  )
  return { opened, parameters, runner }
}

describe('a mixed batch', () => {
  it('has the gradients that central differences have', async () => {
    const { opened, parameters, runner } = await trained(ALPHA)
    const lossAt = async () => (await runner.run(rows, members, STEP)).loss
    await lossAt()
    const names = opened.model.parameters.map(({ name }) => name)
    const kept = new Map(names.map((name) => [name, parameters.gradient(name).slice()]))
    for (const name of [
      'classifier.weight',
      'bert.pooler.dense.weight',
      'bert.encoder.layer.0.attention.self.value.weight',
      'bert.embeddings.word_embeddings.weight',
    ]) {
      const values = parameters.get(name).values
      const gradient = kept.get(name)!
      // Where the gradient is largest, so that float32 can tell.
      const at = gradient.reduce((best, g, i) => (Math.abs(g) > Math.abs(gradient[best]!) ? i : best), 0)
      const [value, h] = [values[at]!, 0.02]
      values[at] = value + h
      const above = await lossAt()
      values[at] = value - h
      const below = await lossAt()
      values[at] = value
      expect([(above - below) / (2 * h)], name).toBeAllclose([gradient[at]!], { rtol: 0.02, atol: 1e-4 })
    }
    await runner.release()
  })

  it('is the same at the same step and seed, and another at another step', async () => {
    const first = await trained(ALPHA)
    const again = await trained(ALPHA)
    const loss = async ({ runner }: Trained, step: number) => (await runner.run(rows, members, step)).loss
    expect(await loss(again, STEP + 1)).not.toBe(await loss(first, STEP))
    expect(await loss(again, STEP)).toBe(await loss(first, STEP))
    await first.runner.release()
    await again.runner.release()
  })

  it('is the plain batch where a row keeps all of itself', async () => {
    const [mixed, plain] = [await trained(1e-9), await trained(null)]
    // With so small an alpha the share is 0 or 1 to the last bit; at 0 every row is its partner, labels and all.
    const { share } = drawMixing(members.length, 1e-9, SEED, STEP)
    expect([0, 1]).toContain(share)
    const [ours, theirs] = [
      await mixed.runner.run(rows, members, STEP),
      await plain.runner.run(rows, members, STEP),
    ]
    expect([ours.loss]).toBeAllclose([theirs.loss], { rtol: 1e-5 })
    const name = 'bert.encoder.layer.1.output.dense.weight'
    expect(mixed.parameters.gradient(name)).toBeAllclose(plain.parameters.gradient(name), {
      rtol: 1e-3,
      atol: 1e-6,
    })
    await mixed.runner.release()
    await plain.runner.release()
  })
})

describe('what is drawn', () => {
  it.each([0.2, 1, 4])('has the mean and variance of Beta(%s, %s)', (alpha) => {
    const shares = Array.from({ length: 4000 }, (_, step) => drawMixing(4, alpha, 11, step).share)
    const mean = shares.reduce((a, b) => a + b) / shares.length
    const variance = shares.reduce((sum, x) => sum + (x - mean) ** 2, 0) / shares.length
    expect(mean).toBeCloseTo(0.5, 1)
    const expected = 1 / (4 * (2 * alpha + 1))
    expect(Math.abs(variance - expected)).toBeLessThan(0.06 * expected + 0.002)
  })

  it('gives every row once', () => {
    const { partners } = drawMixing(50, 1, 2, 3)
    expect(new Set(partners).size).toBe(50)
  })
})
