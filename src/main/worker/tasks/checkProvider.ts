/** The `check-provider` task: one training step on a provider, its loss and gradients compared with the cpu's. */
import type { ProviderStatus } from '../../../shared/domain/machine'
import { UserError } from '../../../shared/errors'
import { FEEDS, lossGraph } from '../../engine/models/classifierGraph'
import { openModel } from '../../engine/models/open'
import { trainingGraph } from '../../engine/passes/trainingGraph'
import type { DType } from '../../engine/ir/dtype'
import { type HostTensor, type HostTensors, Session, type SessionOptions } from '../../engine/runtime/session'
import type { CheckProviderTask } from '../protocol'

const TINY = {
  vocab_size: 64,
  hidden_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 32,
  max_position_embeddings: 8,
  hidden_dropout_prob: 0,
  attention_probs_dropout_prob: 0,
}
const SHAPE = { rows: 4, length: 8, hasTypes: false }
/** Devices add in another order and use other approximations of exp and erf. */
const TOLERANCE = 1e-3

export async function checkProviderTask({ name }: CheckProviderTask): Promise<ProviderStatus> {
  const step = await tinyStep()
  const expected = await step({ provider: 'cpu', numThreads: 1 })
  if (name === 'cpu') return { name, available: true, checked: true, reason: 'Always there.' }
  let answers: HostTensors
  try {
    answers = await step({ provider: name, strictProvider: true })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { name, available: false, checked: true, reason: error.message }
  }
  const difference = largestDifference(expected, answers)
  const isRight = difference <= TOLERANCE
  return {
    name,
    available: isRight,
    checked: true,
    reason: isRight
      ? `One training step agrees with the processor's (largest difference ${difference.toExponential(1)}).`
      : `One training step differs from the processor's by ${difference.toExponential(1)}; it is not offered.`,
  }
}

/** A step of a tiny encoder with fixed weights and rows, ready to run anywhere. */
async function tinyStep(): Promise<(options: SessionOptions) => Promise<HostTensors>> {
  const opened = await openModel({ kind: 'random', architecture: 'bert', config: TINY })
  const inputs: Record<string, HostTensor> = {}
  for (const { name, shape } of opened.model.parameters) inputs[name] = tensor('float32', shape)
  await opened.fill((name) => inputs[name]!.data as Float32Array, 1)
  const { graph } = trainingGraph(lossGraph(opened.model, opened.objective, SHAPE, { labelSmoothing: 0 }))
  for (const { name, role, value } of graph.inputs.values())
    if (role === 'feed') inputs[name] = feed(name, value.dtype, value.shape as number[])
  const used = Object.fromEntries([...graph.inputs.keys()].map((name) => [name, inputs[name]!]))
  return async (options) => {
    const session = await Session.create(graph, options)
    try {
      return await session.evaluate(used)
    } finally {
      await session.release()
    }
  }
}

function feed(name: string, dtype: DType, shape: readonly number[]): HostTensor {
  const made = tensor(dtype, shape)
  if (name === FEEDS.weights) (made.data as Float32Array).fill(1 / SHAPE.rows)
  if (dtype === 'int32') {
    const below = name === 'labels' ? 2 : TINY.vocab_size
    ;(made.data as Int32Array).forEach((_, i, data) => (data[i] = (i * 37) % below))
  }
  return made
}

function tensor(dtype: DType, shape: readonly number[]): HostTensor {
  const size = shape.reduce((a, b) => a * b, 1)
  return { dtype, shape, data: dtype === 'int32' ? new Int32Array(size) : new Float32Array(size) }
}

/** Largest absolute difference over all outputs; infinite where something is not a number. */
function largestDifference(expected: HostTensors, answers: HostTensors): number {
  let largest = 0
  for (const [name, { data }] of Object.entries(expected)) {
    const other = answers[name]!.data
    for (let i = 0; i < data.length; i++) {
      const difference = Math.abs(Number(data[i]) - Number(other[i]))
      largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference)
    }
  }
  return largest
}
