import { describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CachedFeatures } from '../../../../src/main/engine/train/cachedFeatures'
import { openModel } from '../../../../src/main/engine/models/open'
import { OBJECTIVES } from '../../../../src/main/engine/objectives/registry'
import { eventsOf, record, TINY_BERT, tinyRows, tinySpec } from './tinyRun'

const NO_DROPOUT = { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 }
const HEAD = { trainable_layers: 0, config_overrides: NO_DROPOUT, eval_strategy: 'epoch' }

describe('a head trained on kept features', () => {
  it('takes the steps that it takes above the frozen layers', async () => {
    const plain = await record(await tinySpec(HEAD))
    const spec = await tinySpec({ ...HEAD, cache_features: true })
    const kept = await record(spec)
    const steps = [plain, kept].map((run) => eventsOf(run, 'step'))
    expect(steps[1]!.length).toBe(12)
    steps[1]!.forEach((step, i) => {
      expect(step.loss).toBeCloseTo(steps[0]![i]!.loss, 5)
      expect(step.grad_norm).toBeCloseTo(steps[0]![i]!.grad_norm, 4)
    })
    const losses = [plain, kept].map((run) =>
      eventsOf(run, 'evaluate').map(({ metrics }) => metrics['loss']!),
    )
    losses[1]!.forEach((loss, i) => expect(loss).toBeCloseTo(losses[0]![i]!, 5))
    const starts = [plain, kept].map((run) => eventsOf(run, 'start')[0]!)
    expect(starts[1]!.total_parameters).toBe(starts[0]!.total_parameters)
    expect(starts[1]!.trainable_parameters).toBe(16 * 16 + 16 + 3 * 16 + 3)
    const done = eventsOf(kept, 'prepare').filter(({ stage }) => stage === 'features')
    expect(done.at(-1)).toMatchObject({ done: 64, total: 64 })
    const saved = await readFile(join(spec.outputDir, 'model.safetensors'))
    expect(saved.includes('cached_features')).toBe(false)
  })

  it('is refused where the head reads every token', async () => {
    const { model } = await openModel(
      { kind: 'random', architecture: 'bert', config: TINY_BERT },
      { objective: OBJECTIVES['token-classification'], labels: ['O', 'B-X'] },
    )
    expect(() => new CachedFeatures(model, { train: tinyRows(4, 1), validation: null })).toThrow(
      expect.objectContaining({ code: 'bad-config', where: { field: 'cache_features' } }),
    )
  })

  it('ends when it is cancelled while the layers run', async () => {
    const signal = AbortSignal.abort()
    await expect(record(await tinySpec({ ...HEAD, cache_features: true }), { signal })).rejects.toMatchObject(
      {
        code: 'cancelled',
      },
    )
  })
})
