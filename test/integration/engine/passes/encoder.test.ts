// A whole small encoder: the passes change nothing but the work, and its gradients agree with differences.
import { describe, expect, it } from 'vitest'
import { encoderGraph, type EncoderShape } from '../../../../bench/encoder'
import { inputsOf, outputsOf } from '../../../../bench/tensors'
import { backward } from '../../../../src/main/engine/autodiff/backward'
import type { Graph } from '../../../../src/main/engine/ir/graph'
import { sizeOf, staticShape } from '../../../../src/main/engine/ir/shape'
import { verifyGraph } from '../../../../src/main/engine/ir/verify'
import { trainingGraph } from '../../../../src/main/engine/passes/trainingGraph'
import { type HostTensor, Session } from '../../../../src/main/engine/runtime/session'
import '../../../helpers/closeness'

const SMALL: EncoderShape = {
  layers: 2,
  hidden: 8,
  heads: 2,
  intermediate: 16,
  vocabulary: 20,
  classes: 3,
  rows: 3,
  tokens: 5,
  dropout: 0,
}

type Tensors = Record<string, HostTensor>

function draw(graph: Graph, shape: EncoderShape): Tensors {
  const tensors = inputsOf(graph, { input_ids: shape.vocabulary, token_type_ids: 2, labels: shape.classes })
  const bias = tensors['attention_bias']!.data as Float32Array
  bias.fill(-10000, bias.length - 2)
  for (const [name, { data }] of Object.entries(tensors))
    if (data instanceof Float32Array && name.endsWith('weight') && !name.includes('LayerNorm'))
      data.forEach((x, i) => (data[i] = x * 10))
  return tensors
}

/** Inputs for a graph whose masks were shrunk to their first position of the token axis. */
function fitted(graph: Graph, tensors: Tensors): Tensors {
  return Object.fromEntries(
    [...graph.inputs.values()].map(({ name, value }) => {
      const shape = staticShape(value.shape)
      const given = tensors[name]!
      if (sizeOf(shape) === given.data.length) return [name, given]
      const axis = shape.findIndex((d, i) => d !== given.shape[i])
      const inner = sizeOf(shape.slice(axis + 1))
      const data = new Uint8Array(sizeOf(shape))
      for (let outer = 0; outer < sizeOf(shape.slice(0, axis)); outer++) {
        const from = outer * given.shape[axis]! * inner
        data.set((given.data as Uint8Array).subarray(from, from + inner), outer * inner)
      }
      return [name, { dtype: 'bool', shape, data }]
    }),
  )
}

async function run(graph: Graph, tensors: Tensors): Promise<Tensors> {
  verifyGraph(graph)
  const session = await Session.create(graph, { numThreads: 1 })
  const outputs = outputsOf(graph)
  await session.run(fitted(graph, tensors), outputs)
  await session.release()
  return outputs
}

/** Differentiated as it was built. */
function plainly(shape: EncoderShape): Graph {
  const graph = encoderGraph(shape)
  const { dense, rows } = backward(graph.outputValue('loss'))
  for (const [name, gradient] of dense) graph.output(`grad.${name}`, gradient)
  rows.forEach(({ param, rows: g }, i) => graph.output(`rows.${i}.${param.name}`, g))
  return graph
}

describe.each([0, 0.3])('encoder with dropout %s', (dropout) => {
  const shape = { ...SMALL, dropout }

  it('has the same loss and gradients with and without the passes', async () => {
    const plain = plainly(shape)
    const training = trainingGraph(encoderGraph(shape))
    const tensors = draw(plain, shape)
    const [expected, actual] = [await run(plain, tensors), await run(training.graph, tensors)]
    expect(training.gradients.length).toBeGreaterThan(30)
    for (const name of training.graph.outputs.keys())
      expect(Array.from(actual[name]!.data as Float32Array), name).toBeAllclose(
        Array.from(expected[name]!.data as Float32Array),
        { rtol: 2e-4, atol: 2e-6 },
      )
  })

  it('agrees with directional central differences, parameter by parameter', async () => {
    const training = trainingGraph(encoderGraph(shape))
    const tensors = fitted(training.graph, draw(encoderGraph(shape), shape))
    const session = await Session.create(training.graph, { numThreads: 1 })
    const outputs = outputsOf(training.graph)
    await session.run(tensors, outputs)
    const loss = async () => {
      const result = await session.evaluate(tensors, ['loss'])
      return (result['loss']!.data as Float32Array)[0]!
    }
    for (const { param, output } of training.gradients) {
      const values = tensors[param]!.data as Float32Array
      const gradient = Float64Array.from(outputs[output]!.data as Float32Array)
      const norm = Math.hypot(...gradient)
      // A key's bias shifts all scores of a query alike: its gradient is zero but for rounding.
      if (param.endsWith('key.bias')) {
        expect(norm).toBeLessThan(1e-5)
        continue
      }
      const kept = values.slice()
      const along = async (h: number) => {
        values.forEach((_, i) => (values[i] = kept[i]! + (h * gradient[i]!) / norm))
        return loss()
      }
      const h = 0.02
      const slope =
        (4 * ((await along(h / 2)) - (await along(-h / 2)))) / (3 * h) -
        ((await along(h)) - (await along(-h))) / (6 * h)
      values.set(kept)
      expect([norm], param).toBeAllclose([slope], { rtol: 1e-2, atol: 2e-5 })
    }
    await session.release()
  })
})

it('adds what earlier micro-batches gave', async () => {
  const shape = { ...SMALL, dropout: 0.3 }
  const once = trainingGraph(encoderGraph(shape))
  const summing = trainingGraph(encoderGraph(shape), { accumulate: true })
  const tensors = fitted(once.graph, draw(encoderGraph(shape), shape))
  const gradients = await run(once.graph, tensors)
  const sums: Tensors = {}
  for (const { param, shape: dims } of summing.gradients)
    sums[`sum.${param}`] = { dtype: 'float32', shape: dims, data: new Float32Array(sizeOf(dims)).fill(0.5) }
  const outputs = await run(summing.graph, { ...tensors, ...sums })
  for (const { param, output } of summing.gradients)
    expect(Array.from(outputs[output]!.data as Float32Array), param).toBeAllclose(
      Array.from(gradients[output]!.data as Float32Array, (x) => x + 0.5),
      { rtol: 1e-5, atol: 1e-6 },
    )
  expect(summing.graph.nodes.filter((n) => n.op.name === 'Add' && n.inputs.some((v) => !v?.node))).toEqual([])
})

it('computes the last layer for one row only', () => {
  const rows = trainingGraph(encoderGraph(SMALL))
    .graph.nodes.filter((node) => node.scope === 'encoder.layer.1' && node.op.name === 'Linear')
    .map((node) => node.outputs[0]!.shape)
  // Keys and values for all tokens; query, attention output and feed-forward for the first.
  expect(rows.filter((shape) => shape[1] === 5)).toHaveLength(2)
  expect(rows.filter((shape) => shape[1] === 1)).toHaveLength(4)
})
