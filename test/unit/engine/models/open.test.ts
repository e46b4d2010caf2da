import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFolder } from '../../../../src/main/engine/checkpoint/folderWriter'
import {
  withSafetensors,
  writeSafetensors,
  type NamedTensor,
} from '../../../../src/main/engine/checkpoint/safetensors'
import { openModel, type OpenModel, readModelConfig } from '../../../../src/main/engine/models/open'
import { ARCHITECTURES } from '../../../../src/main/engine/models/registry'
import { writeModel } from '../../../../src/main/engine/models/save'

const GOLDEN = new URL('../../../golden/bert/models/gelu-3-labels/', import.meta.url).pathname
let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'model-'))
  await cp(GOLDEN, dir, { recursive: true })
})
afterEach(() => rm(dir, { recursive: true }))

const open = (options: Parameters<typeof openModel>[1] = {}) => openModel({ kind: 'folder', dir }, options)

async function filled(opened: OpenModel, seed = 1) {
  const values = new Map(
    opened.model.parameters.map(({ name, shape }) => [
      name,
      new Float32Array(shape.reduce((a, b) => a * b, 1)),
    ]),
  )
  const notes = await opened.fill((name) => values.get(name)!, seed)
  return { values, notes }
}

async function tensors(): Promise<NamedTensor[]> {
  const list: NamedTensor[] = []
  await withSafetensors(join(dir, 'model.safetensors'), async (reader) => {
    for (const { name, shape, byteLength } of reader.tensors.values()) {
      const data = new Float32Array(byteLength / 4)
      await reader.readFloat32(name, data)
      list.push({ name, shape, data })
    }
  })
  return list
}

async function rewrite(change: (list: NamedTensor[]) => NamedTensor[]): Promise<void> {
  const changed = change(await tensors())
  await writeFolder(join(dir, 'new'), (writer) => writer.file('m', (sink) => writeSafetensors(sink, changed)))
  await rename(join(dir, 'new', 'm'), join(dir, 'model.safetensors'))
}

async function setConfig(fields: Record<string, unknown>): Promise<void> {
  await writeFile(join(dir, 'config.json'), JSON.stringify({ ...(await readModelConfig(dir)), ...fields }))
}

describe('a Hugging Face folder', () => {
  it('comes back out as it went in, unknown fields included', async () => {
    await setConfig({ a_field_of_tomorrow: { deep: [1] } })
    const opened = await open()
    const { values, notes } = await filled(opened)
    expect(notes).toEqual([])
    const saved = join(dir, 'saved')
    await writeFolder(saved, (writer) => writeModel(writer, opened, (name) => values.get(name)!))
    const config = await readModelConfig(saved)
    expect(config).toMatchObject(await readModelConfig(dir))
    const before = new Map((await tensors()).map(({ name, data }) => [name, data]))
    await rename(join(saved, 'model.safetensors'), join(dir, 'model.safetensors'))
    expect(new Map((await tensors()).map(({ name, data }) => [name, data]))).toEqual(before)
  })

  it('is read with or without the prefix, and with the norm names of old files', async () => {
    const expected = (await filled(await open())).values
    await rewrite((list) =>
      list.map((tensor) => ({
        ...tensor,
        name: tensor.name
          .replace(/^bert\./, '')
          .replace('LayerNorm.weight', 'LayerNorm.gamma')
          .replace('LayerNorm.bias', 'LayerNorm.beta'),
      })),
    )
    const { values, notes } = await filled(await open())
    expect(notes).toEqual([])
    expect(values).toEqual(expected)
  })

  it('is read from shards', async () => {
    const expected = (await filled(await open())).values
    const list = await tensors()
    const half = list.length >> 1
    const shards = { 'model-1.safetensors': list.slice(0, half), 'model-2.safetensors': list.slice(half) }
    const weight_map = Object.fromEntries(
      Object.entries(shards).flatMap(([file, part]) => part.map(({ name }) => [name, file])),
    )
    await rm(join(dir, 'model.safetensors'))
    for (const [file, part] of Object.entries(shards)) {
      await writeFolder(join(dir, 'part'), (writer) =>
        writer.file(file, (sink) => writeSafetensors(sink, part)),
      )
      await rename(join(dir, 'part', file), join(dir, file))
    }
    await writeFile(join(dir, 'model.safetensors.index.json'), JSON.stringify({ weight_map }))
    expect((await filled(await open())).values).toEqual(expected)
    const [first, second] = Object.keys(weight_map) as [string, string]
    const withoutFirst = Object.fromEntries(Object.entries(weight_map).filter(([name]) => name !== first))
    for (const [index, claim] of [
      ['{', /not JSON/],
      [JSON.stringify({ weight_map: { a: '../x.safetensors' } }), /files elsewhere/],
      [JSON.stringify({ weight_map: {} }), /no tensor/],
      [
        JSON.stringify({ weight_map: { ...weight_map, nothing: 'model-1.safetensors' } }),
        /nothing is not in/,
      ],
      [
        JSON.stringify({ weight_map: { ...weight_map, [second]: 'model-2.safetensors' } }),
        /is not in model-2/,
      ],
      [JSON.stringify({ weight_map: withoutFirst }), /does not name/],
    ] as const) {
      await writeFile(join(dir, 'model.safetensors.index.json'), index)
      await expect(open()).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringMatching(claim) as string,
      })
    }
  })

  it('says what is new and what was left out', async () => {
    await rewrite((list) => [
      ...list.filter(({ name }) => !name.startsWith('classifier') && !name.startsWith('bert.pooler')),
      { name: 'cls.predictions.bias', shape: [2], data: Float32Array.of(1, 2) },
    ])
    const { notes } = await filled(await open())
    expect(notes).toEqual([
      'The classifier is new: it starts from random weights.',
      'Not in the file, started from random weights: bert.pooler.dense.weight, bert.pooler.dense.bias.',
      'In the file, not part of a classifier, left out: cls.predictions.bias.',
    ])
  })

  it('keeps its classifier for its own labels and gets a new one for others', async () => {
    const own = await filled(await open({ labels: ['weather', 'cooking', 'sport'] }))
    expect(own.notes).toEqual([])
    const other = await open({ labels: ['a', 'b', 'c'] })
    const { values, notes } = await filled(other)
    expect(notes).toEqual(['The classifier is new: it starts from random weights.'])
    expect(values.get('classifier.bias')).toEqual(new Float32Array(3))
    expect(other.config).toMatchObject({
      id2label: { 0: 'a', 1: 'b', 2: 'c' },
      label2id: { a: 0, b: 1, c: 2 },
    })
  })
})

describe('random weights', () => {
  it('are those of Transformers: normal, zero, one, a zero padding row, and repeatable', async () => {
    const origin = {
      kind: 'random',
      architecture: 'bert',
      config: {
        vocab_size: 500,
        hidden_size: 64,
        num_hidden_layers: 1,
        num_attention_heads: 2,
        intermediate_size: 96,
        initializer_range: 0.05,
      },
    } as const
    const { values } = await filled(await openModel(origin))
    expect((await filled(await openModel(origin))).values).toEqual(values)
    expect((await filled(await openModel(origin), 2)).values).not.toEqual(values)
    const words = values.get('bert.embeddings.word_embeddings.weight')!
    expect(words.subarray(0, 64)).toEqual(new Float32Array(64))
    const deviation = Math.sqrt(words.reduce((sum, x) => sum + x * x, 0) / (words.length - 64))
    expect(Math.abs(deviation / 0.05 - 1)).toBeLessThan(0.02)
    expect(values.get('bert.embeddings.LayerNorm.weight')!.every((x) => x === 1)).toBe(true)
    expect(values.get('bert.pooler.dense.bias')!.every((x) => x === 0)).toBe(true)
  })
})

describe('what cannot be loaded is refused with the field or file', () => {
  const cases: [string, () => Promise<unknown>, object][] = [
    [
      'pickle',
      () => rename(join(dir, 'model.safetensors'), join(dir, 'pytorch_model.bin')),
      { code: 'unsupported', hint: /safetensors/ },
    ],
    [
      'no weights',
      () => rm(join(dir, 'model.safetensors')),
      { code: 'not-found', message: /model\.safetensors/ },
    ],
    ['no config', () => rm(join(dir, 'config.json')), { code: 'not-found' }],
    ['config that is no JSON', () => writeFile(join(dir, 'config.json'), '{'), { code: 'corrupt' }],
    [
      'another architecture',
      () => setConfig({ model_type: 'mamba' }),
      { code: 'unsupported', where: { field: 'model_type' } },
    ],
    [
      'an activation',
      () => setConfig({ hidden_act: 'no_such' }),
      { code: 'unsupported', where: { field: 'hidden_act' } },
    ],
    [
      'relative positions',
      () => setConfig({ position_embedding_type: 'relative_key' }),
      { code: 'bad-config', where: { field: 'position_embedding_type' } },
    ],
    [
      'a decoder',
      () => setConfig({ is_decoder: true }),
      { code: 'bad-config', where: { field: 'is_decoder' } },
    ],
    [
      'an ill-typed field',
      () => setConfig({ hidden_size: 'wide' }),
      { code: 'bad-config', where: { field: 'hidden_size' } },
    ],
    [
      'heads that do not divide',
      () => setConfig({ num_attention_heads: 5 }),
      { code: 'bad-config', where: { field: 'num_attention_heads' } },
    ],
    [
      'a config of another size',
      () => setConfig({ vocab_size: 99 }),
      { code: 'bad-input', message: /word_embeddings/ },
    ],
    [
      'weights of another model',
      () => rewrite((list) => list.map((t) => ({ ...t, name: `gpt.${t.name}` }))),
      { code: 'bad-input', message: /another model/ },
    ],
    [
      'weights cut short',
      async () =>
        writeFile(
          join(dir, 'model.safetensors'),
          (await readFile(join(dir, 'model.safetensors'))).subarray(0, -4),
        ),
      { code: 'corrupt' },
    ],
  ]
  it.each(cases)('%s', async (_, spoil, error) => {
    await spoil()
    const expected = Object.fromEntries(
      Object.entries(error).map(([key, value]) => [
        key,
        value instanceof RegExp
          ? (expect.stringMatching(value) as unknown)
          : key === 'where'
            ? (expect.objectContaining(value as object) as unknown)
            : (value as unknown),
      ]),
    )
    await expect(open()).rejects.toMatchObject(expected)
  })

  it('names the nearest field for an override that does not exist', async () => {
    await expect(open({ overrides: { hidden_dropout_probs: 0 } })).rejects.toMatchObject({
      code: 'bad-config',
      hint: 'Did you mean hidden_dropout_prob?',
    })
    const { config } = await open({ overrides: { hidden_dropout_prob: 0.5 } })
    expect(config['hidden_dropout_prob']).toBe(0.5)
  })
})

describe('the registry', () => {
  it('has words and defaults for every architecture', () => {
    for (const built of ARCHITECTURES.values()) {
      const { id, label, help, config } = built
      expect([id, label, help].every((text) => text.length > 0)).toBe(true)
      expect(built.describe(config.parse({}))).toContain(id)
    }
  })
})
