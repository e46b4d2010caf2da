// Run in a child by webgpu.test.ts: the same three training steps on the cpu and on webgpu.
import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { eventsOf, record, tinySpec } from './tinyRun'

interface Steps {
  steps: { loss: number; grad_norm: number }[]
  evaluationLoss: number
  weights: number[]
}

async function stepsOn(provider: 'cpu' | 'webgpu'): Promise<Steps> {
  const spec = await tinySpec(
    { provider, max_steps: 3, eval_strategy: 'steps', eval_steps: 3 },
    { withTypes: true, model: { num_hidden_layers: 1, hidden_size: 8, intermediate_size: 16 } },
  )
  const recorded = await record(spec)
  const file = await readFile(join(spec.outputDir, 'model.safetensors'))
  const data = file.subarray(8 + Number(file.readBigUInt64LE()))
  await rm(dirname(spec.outputDir), { recursive: true })
  return {
    steps: eventsOf(recorded, 'step').map(({ loss, grad_norm }) => ({ loss, grad_norm })),
    evaluationLoss: eventsOf(recorded, 'evaluate')[0]!.metrics['loss']!,
    weights: Array.from({ length: data.byteLength / 4 }, (_, i) => data.readFloatLE(i * 4)),
  }
}

process.stdout.write(`${JSON.stringify({ cpu: await stepsOn('cpu'), webgpu: await stepsOn('webgpu') })}\n`)
process.exit(0)
