import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { onnxModel } from '../../../src/main/engine/bundle/onnxModel'
import { SafetensorsReader } from '../../../src/main/engine/checkpoint/safetensors'
import { createModel } from '../../../src/main/engine/models/architecture'
import { configLabels } from '../../../src/main/engine/models/labels'
import { architectureNamed, checkModelConfig } from '../../../src/main/engine/models/registry'
import { elements } from '../../../src/main/engine/nn/parameter'
import { quantizeDynamic } from '../../../src/main/engine/onnx/quantizeDynamic'
import { Session, type HostTensor } from '../../../src/main/engine/runtime/session'

const golden = fileURLToPath(new URL('../../golden/bert/', import.meta.url))

interface Forward {
  input_ids: number[][]
  attention_mask: number[][]
  token_type_ids: number[][]
  logits: number[][]
}

async function modelBytes(name: string): Promise<Uint8Array> {
  const config = JSON.parse(readFileSync(`${golden}models/${name}/config.json`, 'utf8')) as Record<
    string,
    unknown
  >
  const architecture = architectureNamed(config['model_type'])
  const labels = configLabels(config)!
  const model = createModel(
    architecture,
    checkModelConfig(architecture, config),
    'sequence-classification',
    labels.length,
  )
  const reader = await SafetensorsReader.open(`${golden}models/${name}/model.safetensors`)
  const weights = new Map<string, Float32Array>()
  for (const spec of model.parameters) {
    const values = new Float32Array(elements(spec))
    await reader.readFloat32(spec.name, values)
    weights.set(spec.name, values)
  }
  await reader.close()
  return onnxModel(model, weights)
}

function int64(rows: number[][]): HostTensor {
  const data = BigInt64Array.from(rows.flat(), BigInt)
  return { dtype: 'int64', shape: [rows.length, rows[0]!.length], data }
}

async function logits(
  session: Session,
  { input_ids, attention_mask, token_type_ids }: Omit<Forward, 'logits'>,
) {
  const result = await session.evaluate({
    input_ids: int64(input_ids),
    attention_mask: int64(attention_mask),
    token_type_ids: int64(token_type_ids),
  })
  return result['logits']!
}

describe.each(['gelu-3-labels', 'gelu-new-2-labels', 'relu-pairs'])('model.onnx of %s', (name) => {
  const forward = JSON.parse(readFileSync(`${golden}forward/${name}/forward.json`, 'utf8')) as Forward
  const expected = forward.logits.flat()

  it('gives the logits of Transformers', async () => {
    const session = await Session.load(await modelBytes(name), { numThreads: 1 })
    expect([...session.inputNames].sort()).toEqual(['attention_mask', 'input_ids', 'token_type_ids'])
    const { data, shape } = await logits(session, forward)
    expect(shape).toEqual([5, forward.logits[0]!.length])
    expected.forEach((value, i) => expect(Math.abs(Number(data[i]) - value)).toBeLessThan(1e-5))

    // Another batch size and length, padded differently: the same answer for the row.
    const first = { ...forward, input_ids: [forward.input_ids[0]!.concat(0, 0)] }
    first.attention_mask = [forward.attention_mask[0]!.concat(0, 0)]
    first.token_type_ids = [forward.token_type_ids[0]!.concat(0, 0)]
    const alone = await logits(session, first)
    forward.logits[0]!.forEach((value, c) =>
      expect(Math.abs(Number(alone.data[c]) - value)).toBeLessThan(1e-5),
    )
    await session.release()
  })

  it('stays close when quantized', async () => {
    const session = await Session.load(quantizeDynamic(await modelBytes(name)), { numThreads: 1 })
    const { data } = await logits(session, forward)
    const largest = Math.max(...expected.map(Math.abs))
    expected.forEach((value, i) => expect(Math.abs(Number(data[i]) - value) / largest).toBeLessThan(0.1))
    await session.release()
  })
})
