import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checksumsOf, SUMS_FILE } from '../../../src/main/engine/bundle/checksums'
import { exportBundle, type ExportSpec } from '../../../src/main/engine/bundle/exportBundle'
import { verifyBundle } from '../../../src/main/engine/bundle/verifyBundle'
import type { UserError } from '../../../src/shared/errors'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'

const modelDir = fileURLToPath(new URL('../../golden/bert/models/gelu-3-labels', import.meta.url))
const texts = [
  'Rain returns on Friday.',
  'Fold the sugar into the eggs.',
  'The home side won.',
  'é ü 日本 !!',
]

function spec(outputDir: string): ExportSpec {
  return {
    modelDir,
    outputDir,
    run: {
      id: 'run-1',
      name: 'Topics',
      config: parseRunConfig({
        task: 'sequence-classification',
        model: modelDir,
        dataset: { train: 'topics.jsonl' },
        max_length: 40,
      }),
      metrics: { accuracy: 0.75, loss: 0.5 },
      facts: { train_rows: 12, data_sha256: 'abc', secret: 'stays in run.json' },
      log: [{ event: 'baseline', name: 'majority', metrics: { accuracy: 0.4 } }],
    },
    rows: texts.map((text) => ({ text })),
    versions: { Tunesmith: 'test' },
  }
}

describe('a bundle', () => {
  let folder = ''
  let bundle = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bundle-'))
    bundle = join(folder, 'topics')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('holds the files of DESIGN and answers as the run does', async () => {
    const stages: string[] = []
    const { parity, sizeBytes, sha256 } = await exportBundle(spec(bundle), {
      onProgress: (done, total, stage) => stages.push(`${done}/${total} ${stage}`),
    })
    expect((await readdir(bundle, { recursive: true })).sort()).toEqual(
      [
        'README.md',
        'config.json',
        'model.safetensors',
        'onnx',
        'onnx/model.onnx',
        'onnx/model_quantized.onnx',
        'special_tokens_map.json',
        'studio',
        'studio/SHA256SUMS',
        'studio/data_manifest.json',
        'studio/metrics.json',
        'studio/parity.json',
        'studio/run.json',
        'studio/train_log.jsonl',
        'tokenizer.json',
        'tokenizer_config.json',
        'vocab.txt',
      ].sort(),
    )
    expect(parity.map((row) => [row.file, row.rows, row.passed])).toEqual([
      ['model.safetensors', 4, true],
      ['onnx/model.onnx', 4, true],
      ['onnx/model_quantized.onnx', 4, true],
      ['tokenizer.json', 4, true],
    ])
    expect(parity[0]!.maxAbsDiff).toBe(0)
    expect(parity[1]!.maxAbsDiff).toBeLessThan(1e-5)
    expect(parity[3]!.maxAbsDiff).toBe(0)
    expect(sizeBytes).toBeGreaterThan(100_000)
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(stages.at(-1)).toBe('8/8 done')
    expect(await readdir(folder)).toEqual(['topics'])
    expect(JSON.parse(await readFile(join(bundle, 'studio/parity.json'), 'utf8'))).toEqual(parity)
  })

  it('is found whole by verify', async () => {
    const report = await verifyBundle(bundle)
    expect(report.problems).toEqual([])
    expect(report.passed).toBe(true)
    expect(report.parity).toHaveLength(4)
    expect(report.files.every((file) => file.sha256Ok)).toBe(true)
  })

  it('replaces an older bundle', async () => {
    await exportBundle({ ...spec(bundle), rows: [] })
    expect((await verifyBundle(bundle)).passed).toBe(true)
    expect(await readdir(folder)).toEqual(['topics'])
  })

  it('does not overwrite a folder that is no bundle', async () => {
    const other = join(folder, 'other')
    await mkdir(other)
    await writeFile(join(other, 'thesis.txt'), 'years of work')
    const refused = exportBundle(spec(other))
    await expect(refused).rejects.toMatchObject({ code: 'conflict' } satisfies Partial<UserError>)
    expect(await readdir(other)).toEqual(['thesis.txt'])
    await rm(other, { recursive: true })
  })

  it('leaves nothing behind when cancelled', async () => {
    const stop = new AbortController()
    const target = join(folder, 'never')
    const going = exportBundle(spec(target), {
      signal: stop.signal,
      onProgress: (_, __, stage) => stage === 'onnx/model_quantized.onnx' && stop.abort(),
    })
    await expect(going).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['topics'])
  })

  it('names what was altered, without loading it', async () => {
    const altered = join(folder, 'altered')
    await cp(bundle, altered, { recursive: true })
    await writeFile(join(altered, 'onnx/model.onnx'), 'not a model')
    const report = await verifyBundle(altered)
    expect(report.passed).toBe(false)
    expect(report.parity).toEqual([])
    expect(report.problems).toEqual(['onnx/model.onnx was altered after the export: its checksum differs.'])
    await rm(altered, { recursive: true })
  })

  it('says which file does not load, where even the checksums were made to fit', async () => {
    const forged = join(folder, 'forged')
    await cp(bundle, forged, { recursive: true })
    await writeFile(join(forged, 'onnx/model_quantized.onnx'), 'not a model')
    await writeFile(join(forged, SUMS_FILE), await checksumsOf(forged))
    const report = await verifyBundle(forged)
    expect(report.passed).toBe(false)
    expect(report.problems).toHaveLength(1)
    expect(report.problems[0]).toMatch(/^This is not an ONNX model\. \(.*model_quantized\.onnx\)$/)
    await rm(forged, { recursive: true })
  })

  it('refuses a model without a trained head', async () => {
    const headless = join(folder, 'headless')
    await cp(modelDir, headless, { recursive: true })
    const config = JSON.parse(await readFile(join(headless, 'config.json'), 'utf8')) as Record<
      string,
      unknown
    >
    const id2label = { 0: 'a', 1: 'b' }
    await writeFile(
      join(headless, 'config.json'),
      JSON.stringify({ ...config, id2label, label2id: { a: 0, b: 1 } }),
    )
    const refused = exportBundle({ ...spec(join(folder, 'x')), modelDir: headless })
    await expect(refused).rejects.toMatchObject({ code: 'bad-input' })
    await rm(headless, { recursive: true })
  })
})
