import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { Arena } from '../../../../src/main/engine/kernels/memory'
import { optimizerNamed, OPTIMIZERS } from '../../../../src/main/engine/optim/registry'
import type { BlockMember, OptimizerSettings } from '../../../../src/main/engine/optim/optimizer'
import { OPTIMIZERS as NAMES } from '../../../../src/shared/domain/optimizationArguments'

interface Case extends OptimizerSettings {
  name: string
  optim: string
  learning_rate: number
  shapes: number[][]
  initial: number[][]
  /** By step number. */
  parameters: Record<string, number[][]>
  state: Record<string, number[]>[]
}
const golden = JSON.parse(
  readFileSync(new URL('../../../golden/optim/others.json', import.meta.url), 'utf8'),
) as { gradients: number[][][]; cases: Case[] }

let arena: Arena
beforeAll(async () => {
  arena = await Arena.reserve(1 << 20)
})

const sizeOf = (shape: readonly number[]) => shape.reduce((n, dim) => n * dim, 1)

/** Parameters of the shapes, one after another as a run lays them out. */
function blockOf(
  shapes: readonly number[][],
  slots: ReturnType<(typeof OPTIMIZERS)['get']> & object,
  c: Case,
) {
  const total = shapes.reduce((n, shape) => n + sizeOf(shape), 0)
  const [parameters, gradients] = [arena.allocate(total * 4), arena.allocate(total * 4)]
  const definitions = slots.slots(c)
  const regions = definitions.map(() => arena.allocate(total * 4))
  const next = [...regions]
  const members: BlockMember[] = []
  let done = 0
  for (const shape of shapes) {
    members.push({
      shape,
      parameters: parameters + done * 4,
      gradients: gradients + done * 4,
      slots: definitions.map((slot, k) => {
        const own = slot.shapeFor(shape)
        if (own === null) return null
        const at = next[k]!
        next[k] = at + sizeOf(own) * 4
        return at
      }),
    })
    done += sizeOf(shape)
  }
  return {
    arena,
    length: total,
    parameters,
    gradients,
    slots: regions,
    members,
    decays: true,
    rateFactor: 1,
    definitions,
  }
}

function expectClose(actual: Float32Array, expected: readonly number[], what: string) {
  expect(actual.length).toBe(expected.length)
  expected.forEach((x, i) => {
    expect(Math.abs(actual[i]! - x), `${what} ${i}`).toBeLessThanOrEqual(3e-6 * Math.abs(x) + 3e-8)
  })
}

describe('optimizers equal the classes the Trainer builds', () => {
  it.each(golden.cases.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const definition = optimizerNamed(c.optim)
    const block = blockOf(c.shapes, definition, c)
    block.members.forEach(({ parameters, shape }, k) =>
      arena.float32(parameters, sizeOf(shape)).set(c.initial[k]!),
    )
    const optimizer = definition.create(c)
    const steps = golden.gradients[0]!.length
    for (let step = 1; step <= steps; step++) {
      block.members.forEach(({ gradients, shape }, k) =>
        arena.float32(gradients, sizeOf(shape)).set(golden.gradients[k]![step - 1]!),
      )
      optimizer.step([block], { learningRate: c.learning_rate, step, gradientScale: 1 })
      const expected = c.parameters[step]
      if (expected)
        block.members.forEach(({ parameters, shape }, k) =>
          expectClose(arena.float32(parameters, sizeOf(shape)), expected[k]!, `step ${step}, tensor ${k},`),
        )
    }
    block.members.forEach(({ slots, shape }, k) => {
      const names = block.definitions.filter((_, i) => slots[i] !== null).map(({ name }) => name)
      expect(names.sort()).toEqual(Object.keys(c.state[k]!).sort())
      block.definitions.forEach((slot, i) => {
        const own = slot.shapeFor(shape)
        if (own)
          expectClose(arena.float32(slots[i]!, sizeOf(own)), c.state[k]![slot.name]!, `${slot.name} ${k}`)
      })
    })
  })

  it.each(golden.cases.map((c) => [c.name, c] as const))('%s folds the gradient scale in', (_, c) => {
    const definition = optimizerNamed(c.optim)
    const [plain, scaled] = [blockOf(c.shapes, definition, c), blockOf(c.shapes, definition, c)]
    for (const [block, factor] of [
      [plain, 1],
      [scaled, 4],
    ] as const) {
      arena.float32(block.parameters, block.length).set(c.initial.flat())
      const gradients = golden.gradients.flatMap((tensor) => tensor[0]!)
      arena.float32(block.gradients, block.length).set(gradients.map((x) => x * factor))
      definition
        .create(c)
        .step([block], { learningRate: c.learning_rate, step: 1, gradientScale: 1 / factor })
    }
    expect(arena.float32(scaled.parameters, scaled.length)).toEqual(
      arena.float32(plain.parameters, plain.length),
    )
  })

  it('are those the settings name', () => {
    expect([...OPTIMIZERS.keys()].sort()).toEqual([...NAMES].sort())
  })
})

describe('state', () => {
  it('is none for plain gradient descent, little for Adafactor', () => {
    const of = (optim: string, optim_args: string | null = null) =>
      optimizerNamed(optim)
        .slots({ adam_beta1: 0.9, adam_beta2: 0.999, adam_epsilon: 1e-8, weight_decay: 0, optim_args })
        .reduce((n, slot) => n + sizeOf(slot.shapeFor([100, 50]) ?? [0]), 0)
    expect([of('sgd'), of('sgd', 'momentum=0.9'), of('adafactor'), of('adamw_torch')]).toEqual([
      0, 5000, 150, 10_000,
    ])
  })
})
