// Run in a child by webgpu.test.ts: three training steps of a tiny encoder on the cpu and on webgpu.
import { encoderGraph } from '../../../../bench/encoder'
import { inputsOf, outputsOf } from '../../../../bench/tensors'
import { trainingGraph } from '../../../../src/main/engine/passes/trainingGraph'
import { Session } from '../../../../src/main/engine/runtime/session'

const training = trainingGraph(
  encoderGraph({
    layers: 1,
    hidden: 8,
    heads: 2,
    intermediate: 16,
    vocabulary: 20,
    classes: 3,
    rows: 2,
    tokens: 4,
    dropout: 0.2,
  }),
)

const start = inputsOf(training.graph, { input_ids: 20, token_type_ids: 2, labels: 3 })

async function steps(provider: 'cpu' | 'webgpu'): Promise<{ losses: number[]; gradient: number[] }> {
  const session = await Session.create(training.graph, { provider, strictProvider: provider !== 'cpu' })
  const inputs = Object.fromEntries(
    Object.entries(start).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]),
  )
  const outputs = outputsOf(training.graph)
  const binding = session.bind(inputs, outputs)
  const losses: number[] = []
  for (let step = 0; step < 3; step++) {
    await binding.run()
    losses.push((outputs['loss']!.data as Float32Array)[0]!)
    for (const { param, output } of training.gradients) {
      const gradient = outputs[output]!.data as Float32Array
      const weight = inputs[param]!.data as Float32Array
      gradient.forEach((g, i) => (weight[i] = weight[i]! - 0.1 * g))
    }
  }
  const last = training.gradients.at(0)!
  return { losses, gradient: Array.from(outputs[last.output]!.data as Float32Array) }
}

process.stdout.write(`${JSON.stringify({ cpu: await steps('cpu'), webgpu: await steps('webgpu') })}\n`)
process.exit(0)
