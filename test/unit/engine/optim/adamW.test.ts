import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { Arena } from '../../../../src/main/engine/kernels/memory'
import { clipByValue, clipFactor, globalNorm } from '../../../../src/main/engine/optim/clip'
import { OPTIMIZERS, optimizerNamed } from '../../../../src/main/engine/optim/registry'
import { decays } from '../../../../src/main/engine/optim/weightDecay'
import type { ParameterBlock } from '../../../../src/main/engine/optim/optimizer'

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../golden/optim/${name}.json`, import.meta.url), 'utf8'))

interface AdamWCase {
  name: string
  adam_beta1: number
  adam_beta2: number
  adam_epsilon: number
  weight_decay: number
  initial: number[]
  learning_rates: number[]
  gradients: number[][]
  parameters: number[][]
  exp_avg: number[]
  exp_avg_sq: number[]
}
interface ClipCase {
  name: string
  max_grad_norm: number
  gradients: number[][]
  grad_norm: number
  clipped: number[][]
}

interface ValueClipCase {
  name: string
  max_grad_value: number
  gradients: number[]
  clipped: number[]
}

let arena: Arena
beforeAll(async () => {
  arena = await Arena.reserve(1 << 20)
})

function block(values: readonly number[]): ParameterBlock {
  const bytes = values.length * 4
  const [parameters, gradients, m, v] = [0, 0, 0, 0].map(() => arena.allocate(bytes)) as [
    number,
    number,
    number,
    number,
  ]
  arena.float32(parameters, values.length).set(values)
  const slots = [m, v]
  const members = [{ shape: [values.length], parameters, gradients, slots }]
  return { arena, length: values.length, parameters, gradients, slots, members, decays: true, rateFactor: 1 }
}

/** Within a few float32 roundings of the reference. */
function expectClose(actual: Float32Array, expected: readonly number[], relative: number) {
  expected.forEach((x, i) => {
    expect(Math.abs(actual[i]! - x), `element ${i}`).toBeLessThanOrEqual(relative * Math.abs(x) + 1e-30)
  })
}

describe('AdamW equals torch.optim.AdamW', () => {
  const { cases } = read('adamw') as { cases: AdamWCase[] }
  it.each(cases.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const b = block(c.initial)
    const optimizer = optimizerNamed('adamw_torch').create({ ...c, optim_args: null })
    c.gradients.forEach((gradient, i) => {
      arena.float32(b.gradients, b.length).set(gradient)
      optimizer.step([b], { learningRate: c.learning_rates[i]!, step: i + 1, gradientScale: 1 })
      expectClose(arena.float32(b.parameters, b.length), c.parameters[i]!, 1e-6)
    })
    expectClose(arena.float32(b.slots[0]!, b.length), c.exp_avg, 2e-6)
    expectClose(arena.float32(b.slots[1]!, b.length), c.exp_avg_sq, 2e-6)
  })

  it('leaves undecayed blocks undecayed and folds the gradient scale in', () => {
    const [plain, scaled] = [block([1, 2, 3, 4, 5]), block([1, 2, 3, 4, 5])]
    plain.decays = scaled.decays = false
    arena.float32(plain.gradients, 5).set([1, -1, 2, -2, 3])
    arena.float32(scaled.gradients, 5).set([2, -2, 4, -4, 6])
    const settings = {
      adam_beta1: 0.9,
      adam_beta2: 0.999,
      adam_epsilon: 1e-8,
      weight_decay: 0.5,
      optim_args: null,
    }
    const optimizer = optimizerNamed('adamw_torch').create(settings)
    optimizer.step([plain], { learningRate: 0.1, step: 1, gradientScale: 1 })
    optimizer.step([scaled], { learningRate: 0.1, step: 1, gradientScale: 0.5 })
    expect(arena.float32(scaled.parameters, 5)).toEqual(arena.float32(plain.parameters, 5))
    expect(arena.float32(plain.parameters, 5)[0]).toBeCloseTo(0.9, 6)
  })
})

describe('clipping equals torch.nn.utils', () => {
  const { cases } = read('clip') as { cases: ClipCase[] }
  it.each(cases.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const blocks = c.gradients.map((gradient) => {
      const b = block(gradient.map(() => 0))
      arena.float32(b.gradients, b.length).set(gradient)
      return b
    })
    const norm = globalNorm(blocks)
    expect(Math.abs(norm - c.grad_norm)).toBeLessThanOrEqual(1e-6 * c.grad_norm)
    const factor = clipFactor(norm, c.max_grad_norm)
    blocks.forEach((b, i) => {
      arena.kernels.scale(b.gradients, b.length, factor)
      expectClose(arena.float32(b.gradients, b.length), c.clipped[i]!, 1e-6)
    })
  })

  const byValue = read('clip') as { by_value: ValueClipCase[] }
  it.each(byValue.by_value.map((c) => [c.name, c] as const))('by value: %s', (_, c) => {
    const b = block(c.gradients.map(() => 0))
    arena.float32(b.gradients, b.length).set(c.gradients)
    clipByValue([b], c.max_grad_value)
    expect([...arena.float32(b.gradients, b.length)]).toEqual([...Float32Array.from(c.clipped)])
  })

  it('is off at 0 and sees what is not finite', () => {
    expect(clipFactor(1e9, 0)).toBe(1)
    const b = block([0, 0, 0, 0, 0, 0])
    for (const bad of [NaN, Infinity, -Infinity])
      for (let at = 0; at < 6; at++) {
        arena.float32(b.gradients, 6).fill(3e38)
        expect(Number.isFinite(globalNorm([b]))).toBe(true)
        arena.float32(b.gradients, 6)[at] = bad
        expect(Number.isFinite(globalNorm([b]))).toBe(false)
      }
  })
})

describe('parameter groups', () => {
  it('decays weights and embeddings, not biases and norms', () => {
    const names = {
      'bert.embeddings.word_embeddings.weight': true,
      'bert.embeddings.LayerNorm.weight': false,
      'bert.encoder.layer.0.attention.self.query.weight': true,
      'bert.encoder.layer.0.attention.self.query.bias': false,
      'bert.encoder.layer.0.output.LayerNorm.bias': false,
      'classifier.weight': true,
      'model.norm.weight': false,
      'layers.0.input_norm.weight': false,
      'transformer.normalizer.weight': true,
    }
    for (const [name, expected] of Object.entries(names)) expect(decays(name), name).toBe(expected)
  })

  it('lists every optimizer with words', () => {
    for (const { id, label, help } of OPTIMIZERS.values()) expect([id, label, help].every(Boolean)).toBe(true)
    expect(() => optimizerNamed('adam')).toThrow('no optimizer adam')
  })
})
