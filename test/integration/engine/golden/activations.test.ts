// Activations by name against Transformers' ACT2FN, values and slopes.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Graph } from '../../../../src/main/engine/ir/graph'
import { activationNamed } from '../../../../src/main/engine/nn/activation'
import { reduceSum } from '../../../../src/main/engine/ops/reduce'
import { trainingGraph } from '../../../../src/main/engine/passes/trainingGraph'
import { Session } from '../../../../src/main/engine/runtime/session'
import { largestDifference } from './fixtures'

const file = new URL('../../../golden/encoders/activations.json', import.meta.url)
const golden = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
const x = golden['x'] as number[]
const names = Object.keys(golden).filter((key) => key !== 'x' && key !== 'made_with')

describe('activations', () => {
  it.each(names)('%s is the one of Transformers', async (name) => {
    const { y, slope } = golden[name] as { y: number[]; slope: number[] }
    const graph = new Graph()
    const out = activationNamed(name, 'hidden_act')(graph.param('x', [x.length]))
    graph.output('y', out)
    graph.output('loss', reduceSum(out))
    const training = trainingGraph(graph)
    const session = await Session.create(training.graph, { numThreads: 1 })
    const outputs = await session.evaluate({
      x: { dtype: 'float32', shape: [x.length], data: Float32Array.from(x) },
    })
    await session.release()
    const size = Math.max(1, ...y.map(Math.abs))
    expect(largestDifference(outputs['y']!.data as Float32Array, y) / size).toBeLessThan(2e-6)
    const gradient = outputs[training.gradients[0]!.output]!.data as Float32Array
    expect(largestDifference(gradient, slope)).toBeLessThan(3e-6)
  })

  it('refuses those with weights of their own by name', () => {
    expect(() => activationNamed('prelu', 'hidden_act')).toThrow('prelu')
  })
})
