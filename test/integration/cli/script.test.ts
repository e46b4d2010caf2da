/** A finished run as a script for the Transformers Trainer, its rows and starting weights beside it, by the real engine. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openModel } from '../../../src/main/engine/models/open'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { ONE_LAYER_BERT } from '../../helpers/oneLayerBert'
import { temporaryFolder } from '../store/temporary'
import { tunesmith } from './terminal'

const rows = Array.from({ length: 12 }, (_, i) => ({
  text: i % 2 === 0 ? `a fine day ${i}` : `a dull day ${i}`,
  label: i % 2 === 0 ? 'good' : 'bad',
}))
const jsonLines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('')

describe('runs script', () => {
  it('writes a folder that trains the same: script, rows, weights before the first step, tokenizer', async () => {
    const home = temporaryFolder()
    const call = (...argv: string[]) => tunesmith(argv, { home, spawnWorker: nodeHost() })
    const config = {
      task: 'sequence-classification',
      model: { architecture: 'bert', config: { ...ONE_LAYER_BERT, max_position_embeddings: 32 } },
      dataset: { train: 'rows.jsonl', validation: 'rows.jsonl' },
      config_overrides: { hidden_dropout_prob: 0 },
      vocab_size: 120,
      max_steps: 2,
      eval_strategy: 'epoch',
      learning_rate: 1e-2,
    }
    writeFileSync(join(home, 'rows.jsonl'), jsonLines([...rows, { text: null, label: 'good' }]))
    writeFileSync(join(home, 'run.json'), JSON.stringify(config))
    const trained = await call('train', '--config', 'run.json', '--json')
    expect(trained.code, trained.stderr).toBe(0)

    const shown = await call('runs', 'script', '1')
    expect(shown.stdout).toContain('max_steps=2')
    const saved = await call('runs', 'script', '1', '--output', 'again/go.py', '--json')
    expect(saved.code, saved.stderr).toBe(0)
    const files = join(home, 'again', 'go-files')
    expect(saved.lines[0]).toMatchObject({ path: join(home, 'again', 'go.py'), files })
    const script = await readFile(join(home, 'again', 'go.py'), 'utf8')
    expect(script).toContain('FILES = HERE / "go-files"')
    expect(script).not.toContain(home)

    // Rows as the run read them: the one without a text was left out there too.
    const written = readFileSync(join(files, 'data', 'train.jsonl'), 'utf8')
    expect(written).toBe(jsonLines(rows))
    expect(existsSync(join(files, 'model', 'tokenizer.json'))).toBe(true)

    // The weights are those the run began with: two steps from its end, and a pure function of its seed.
    const opened = await openModel({ kind: 'folder', dir: join(files, 'model') })
    expect(opened.labels).toEqual(['bad', 'good'])
    expect(opened.fresh).toEqual([])
    expect(opened.config).toMatchObject({ hidden_dropout_prob: 0, num_hidden_layers: 1 })
    const [start, end] = await Promise.all(
      [join(files, 'model'), trained.lines.at(-1)!.output_dir as string].map(classifierOf),
    )
    const drift = start!.map((value, i) => Math.abs(value - end![i]!))
    expect(Math.max(...drift)).toBeGreaterThan(1e-3)
    expect(Math.max(...drift)).toBeLessThan(2.5e-2)

    writeFileSync(
      join(home, 'lora.json'),
      JSON.stringify({ ...config, model: '1', adapter: { type: 'lora', r: 2 } }),
    )
    expect((await call('train', '--config', 'lora.json', '--json')).code).toBe(0)
    expect((await call('runs', 'script', '2', '--output', 'lora.py')).code).toBe(0)
    const adapter = JSON.parse(
      readFileSync(join(home, 'lora-files', 'adapter', 'adapter_config.json'), 'utf8'),
    ) as Record<string, unknown>
    expect(adapter).toMatchObject({
      r: 2,
      base_model_name_or_path: join('..', 'model'),
      task_type: 'SEQ_CLS',
    })
    expect(await classifierOf(join(home, 'lora-files', 'model'))).toEqual(end)
  }, 30_000)

  it('says what it cannot write', async () => {
    const home = temporaryFolder()
    const unknown = await tunesmith(['runs', 'script', '1'], { home })
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('1')])
  })
})

async function classifierOf(folder: string): Promise<Float32Array> {
  const opened = await openModel({ kind: 'folder', dir: folder })
  const values = new Map(
    opened.model.parameters.map(({ name, shape }) => [
      name,
      new Float32Array(shape.reduce((n, dim) => n * dim, 1)),
    ]),
  )
  await opened.fill((name) => values.get(name)!, 0)
  return values.get('classifier.weight')!
}
