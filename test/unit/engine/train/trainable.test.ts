import { describe, expect, it } from 'vitest'
import { lossGraph } from '../../../../src/main/engine/models/classifierGraph'
import { openModel } from '../../../../src/main/engine/models/open'
import { trainingGraph } from '../../../../src/main/engine/passes/trainingGraph'
import { layerwiseRate, trainableTest } from '../../../../src/main/engine/train/trainable'
import { TRANSFER_DEFAULTS, type TransferSettings } from '../../../../src/shared/domain/transfer'

const CONFIG = {
  vocab_size: 40,
  hidden_size: 16,
  num_hidden_layers: 3,
  num_attention_heads: 2,
  intermediate_size: 32,
  max_position_embeddings: 16,
}
const opened = await openModel({ kind: 'random', architecture: 'bert', config: CONFIG })
const settings = (more: Partial<TransferSettings>) => ({ ...TRANSFER_DEFAULTS, ...more })

/** Modules that have backward nodes, and the parameters that have gradients. */
function differentiated(more: Partial<TransferSettings>) {
  const shape = { rows: 2, length: 8, hasTypes: false }
  const forward = lossGraph(opened.model, opened.objective, shape, { labelSmoothing: 0 })
  const graph = trainingGraph(forward, { isTrained: trainableTest(opened, settings(more)) })
  const scopes = graph.graph.nodes.map(({ scope }) => scope).filter((scope) => scope.startsWith('grad.'))
  return {
    count: scopes.length,
    layers: new Set(scopes.map((scope) => /bert\.(embeddings|encoder\.layer\.\d)/.exec(scope)?.[1])),
    parameters: [...graph.gradients, ...graph.rowGradients].map(({ param }) => param),
  }
}

describe('the backward pass', () => {
  it('ends at the lowest layer that trains', () => {
    const all = differentiated({})
    expect(all.layers).toContain('embeddings')
    const last = differentiated({ trainable_layers: 1 })
    expect(last.layers).toEqual(new Set(['encoder.layer.2', undefined]))
    expect(last.parameters.every((name) => /layer\.2|pooler|classifier/.test(name))).toBe(true)
    const head = differentiated({ trainable_layers: 0 })
    expect(head.layers).toEqual(new Set([undefined]))
    expect(head.parameters.length).toBe(4)
    expect(head.count).toBeLessThan(last.count)
    expect(last.count).toBeLessThan(all.count / 2)
  })

  it('passes through frozen layers without gradients of their weights', () => {
    const { layers, parameters } = differentiated({ freeze: ['*.encoder.*'] })
    expect(layers).toContain('encoder.layer.0')
    expect(parameters.some((name) => name.includes('.encoder.'))).toBe(false)
    expect(parameters.some((name) => name.includes('.embeddings.'))).toBe(true)
  })
})

describe('what trains', () => {
  it('is the last k layers and the head, less what is frozen by pattern', () => {
    const trains = trainableTest(opened, settings({ trainable_layers: 2, freeze: ['*LayerNorm.?ias'] }))
    const names = ['bert.encoder.layer.0.output.dense.weight', 'bert.encoder.layer.1.output.LayerNorm.bias']
    expect(names.map(trains)).toEqual([false, false])
    const more = ['bert.encoder.layer.1.output.LayerNorm.weight', 'bert.pooler.dense.bias', 'classifier.bias']
    expect(more.map(trains)).toEqual([true, true, true])
  })

  it.each([
    [{ trainable_layers: 4 }, 'trainable_layers'],
    [{ freeze: ['roberta.*'] }, 'freeze'],
    [{ freeze: ['*'] }, 'freeze'],
  ])('%j is refused', (more, field) => {
    const refused = () => trainableTest(opened, settings(more))
    expect(refused).toThrow(expect.objectContaining({ code: 'bad-config', where: { field } }))
  })
})

it('layers learn at decaying rates from the head down', () => {
  const rate = layerwiseRate(opened, { layerwise_lr_decay: 0.5 })
  const names = ['classifier.bias', 'bert.pooler.dense.weight', 'bert.encoder.layer.2.output.dense.bias']
  expect(names.map(rate)).toEqual([1, 1, 0.5])
  expect(rate('bert.encoder.layer.0.output.dense.bias')).toBe(0.125)
  expect(rate('bert.embeddings.word_embeddings.weight')).toBe(0.0625)
})
