import { describe, expect, it } from 'vitest'
import '../../../helpers/closeness'
import { openModel } from '../../../../src/main/engine/models/open'
import { BatchRunner, scratchBytes } from '../../../../src/main/engine/train/batchRunner'
import type { Shape } from '../../../../src/main/engine/train/microBatches'
import { Parameters } from '../../../../src/main/engine/train/parameters'
import { LABELS, TINY_BERT, tinyRows } from './tinyRun'

const rows = tinyRows(9, 3, true)
const config = { ...TINY_BERT, hidden_dropout_prob: 0.3, attention_probs_dropout_prob: 0.2 }
const members = [4, 0, 8, 2, 6, 1]

async function gradients(
  shapes: Shape[],
  step: number,
  { seed = 5, neftuneAlpha = null }: { seed?: number; neftuneAlpha?: number | null } = {},
): Promise<{ loss: number; gradient: Float32Array }> {
  const opened = await openModel({ kind: 'random', architecture: 'bert', config }, { labels: LABELS })
  const { model, objective } = opened
  const parameters = await Parameters.reserve(model.parameters, {
    slots: [],
    scratchBytes: scratchBytes(model, rows),
  })
  await opened.fill((name) => parameters.get(name).values, 1)
  const runner = await BatchRunner.create(
    {
      model,
      objective,
      rows,
      shapes,
      seed,
      loss: { labelSmoothing: 0 },
      neftuneAlpha,
      session: { numThreads: 1 },
    },
    parameters,
  )
  const { loss } = await runner.run(rows, members, step)
  await runner.release()
  const all = parameters.all().flatMap(({ spec }) => [...parameters.gradient(spec.name)])
  return { loss, gradient: Float32Array.from(all) }
}

describe('a batch with dropout', () => {
  it.each([
    ['alone', null],
    ['and NEFTune noise', 5],
  ])('%s has the same loss and gradients however it is cut and padded', async (_, neftuneAlpha) => {
    const whole = await gradients([{ rows: 6, length: 32 }], 3, { neftuneAlpha })
    for (const shapes of [
      [{ rows: 1, length: 20 }],
      [
        { rows: 2, length: 24 },
        { rows: 4, length: 12 },
        { rows: 3, length: 8 },
      ],
    ]) {
      const cut = await gradients(shapes, 3, { neftuneAlpha })
      expect([cut.loss]).toBeAllclose([whole.loss], { rtol: 1e-5 })
      expect(cut.gradient).toBeAllclose(whole.gradient, { rtol: 1e-3, atol: 1e-6 })
    }
  })

  it('is another with noise', async () => {
    const shapes = [{ rows: 3, length: 24 }]
    const noisy = await gradients(shapes, 3, { neftuneAlpha: 5 })
    expect(noisy.loss).not.toBeCloseTo((await gradients(shapes, 3)).loss, 3)
  })

  it('draws other masks at another step and for another seed', async () => {
    const shapes = [{ rows: 3, length: 24 }]
    const here = await gradients(shapes, 3)
    expect((await gradients(shapes, 3)).gradient).toEqual(here.gradient)
    expect((await gradients(shapes, 4)).loss).not.toBeCloseTo(here.loss, 3)
    expect((await gradients(shapes, 3, { seed: 6 })).loss).not.toBeCloseTo(here.loss, 3)
  })
})
