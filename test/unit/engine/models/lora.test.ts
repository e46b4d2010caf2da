import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFolder } from '../../../../src/main/engine/checkpoint/folderWriter'
import { openModel, type OpenModel } from '../../../../src/main/engine/models/open'
import { writeAdapterModel, writeModel } from '../../../../src/main/engine/models/save'
import { LoraSettings } from '../../../../src/shared/domain/transfer'

const BASE = new URL('../../../golden/bert/models/gelu-3-labels', import.meta.url).pathname
const PEFT = new URL('../../../golden/transfer/lora/final', import.meta.url).pathname

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lora-'))
})
afterEach(() => rm(dir, { recursive: true }))

const settings = (more: Record<string, unknown> = {}) => LoraSettings.parse({ type: 'lora', r: 2, ...more })
const withAdapter = (more?: Record<string, unknown>, from = BASE) =>
  openModel({ kind: 'folder', dir: from }, { adapter: settings(more) })

async function filled(opened: OpenModel): Promise<Map<string, Float32Array>> {
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1)
  const values = new Map(
    opened.model.parameters.map(({ name, shape }) => [name, new Float32Array(size(shape))]),
  )
  await opened.fill((name) => values.get(name)!, 1)
  return values
}

describe('target modules', () => {
  it.each([
    [null, 4],
    [['query'], 2],
    [['attention.output.dense'], 2],
    ['all-linear', 13],
    ['bert\\.encoder\\.layer\\.1\\.attention\\.self\\.(query|key)', 2],
  ])('%j are %i linear layers', async (target_modules, count) => {
    const { lora } = await withAdapter({ target_modules })
    expect(lora!.modules.length).toBe(count)
  })

  it('that name nothing are refused with the names there are', async () => {
    await expect(withAdapter({ target_modules: ['q_proj'] })).rejects.toMatchObject({
      code: 'bad-config',
      where: { field: 'adapter.target_modules' },
      hint: expect.stringContaining('query') as string,
    })
  })
})

describe('an adapter', () => {
  it('changes nothing before it is trained, and trains with the classifier alone', async () => {
    const opened = await withAdapter()
    const values = await filled(opened)
    const name = 'bert.encoder.layer.0.attention.self.query.weight'
    expect(opened.lora!.merged(name, (wanted) => values.get(wanted)!)).toEqual(values.get(name))
    const trained = opened.model.parameters.filter((spec) => opened.lora!.isTrained(spec.name))
    expect(trained.map((spec) => spec.name).filter((n) => !n.includes('.lora_'))).toEqual([
      'classifier.weight',
      'classifier.bias',
    ])
  })

  it('written and opened again is the same, beside its weights and merged', async () => {
    const opened = await withAdapter({ target_modules: ['query', 'dense'], lora_alpha: 5, use_rslora: true })
    const values = await filled(opened)
    for (const [name, data] of values) if (name.includes('lora_B')) data.fill(0.25)
    const get = (name: string) => values.get(name)!
    await writeFolder(join(dir, 'adapter'), (w) => writeAdapterModel(w, opened, opened.lora!, get))
    await writeFolder(join(dir, 'whole'), (w) => writeModel(w, opened, get))
    const again = await withAdapter(opened.lora!.settings, join(dir, 'adapter'))
    expect(await filled(again)).toEqual(values)
    const merged = await filled(await openModel({ kind: 'folder', dir: join(dir, 'adapter') }))
    expect(merged).toEqual(await filled(await openModel({ kind: 'folder', dir: join(dir, 'whole') })))
    expect(merged.get('bert.pooler.dense.weight')).not.toEqual(values.get('bert.pooler.dense.weight'))
  })

  it('of other settings than asked for is refused', async () => {
    await expect(withAdapter({ r: 3 }, PEFT)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('saves what its base lacked', async () => {
    const bare = { kind: 'folder', dir: BASE } as const
    const opened = await openModel(bare, { labels: ['a', 'b'], adapter: settings({ modules_to_save: [] }) })
    expect(opened.lora!.saved.modules_to_save).toEqual(['classifier'])
  })
})

describe('an adapter folder', () => {
  it.each([
    ['peft_type', 'IA3'],
    ['bias', 'all'],
    ['use_dora', true],
    ['rank_pattern', { query: 4 }],
    ['r', 0],
  ])('with %s %j is refused by name', async (field, value) => {
    await cp(PEFT, dir, { recursive: true })
    const file = join(dir, 'adapter_config.json')
    const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
    await writeFile(file, JSON.stringify({ ...config, base_model_name_or_path: BASE, [field]: value }))
    await expect(openModel({ kind: 'folder', dir })).rejects.toMatchObject({
      code: 'unsupported',
      where: { file, field },
    })
  })

  it('whose base is elsewhere says where it looked', async () => {
    await cp(PEFT, dir, { recursive: true })
    await expect(openModel({ kind: 'folder', dir })).rejects.toMatchObject({
      code: 'not-found',
      where: { field: 'base_model_name_or_path' },
    })
  })
})
