/** Writing with a Marian in the layout of transformers.js, exported by Optimum, against Transformers' generate. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openSeq2SeqFolder } from '../../../src/main/engine/seq2seq/folder'
import { Seq2SeqModel, type Generation } from '../../../src/main/engine/seq2seq/model'
import { temporaryFolder } from '../store/temporary'

const FOLDER = 'test/golden/seq2seq/marian'
const golden = JSON.parse(readFileSync('test/golden/seq2seq/golden.json', 'utf8')) as {
  sources: string[]
  outputs: { name: string; texts: string[] }[]
}

/** Mulberry32. */
function uniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('a translation model', () => {
  let model: Seq2SeqModel
  beforeAll(async () => {
    model = await Seq2SeqModel.open(FOLDER)
  })
  const write = (texts: readonly string[], generation: Generation, seed = 1) =>
    model.write(
      texts,
      generation,
      texts.map((_, i) => uniform(seed + i)),
    )

  it.each([
    ['greedy', 1, 48],
    ['beams-4', 4, 48],
    ['short', 2, 6],
  ])('writes what Transformers writes: %s', async (name, beams, maxLength) => {
    const { texts } = golden.outputs.find((output) => output.name === name)!
    expect(await write(golden.sources, { method: 'beam', beams, maxLength })).toEqual(texts)
  })

  it('draws by the probabilities the model gives', async () => {
    const source = '>>en<< lo vuma kor lo tilo.'
    const drawn = await write(Array<string>(200).fill(source), {
      method: 'sample',
      temperature: 1,
      topP: 1,
      maxLength: 48,
    })
    const share = (text: string) => drawn.filter((one) => one === text).length / drawn.length
    // It was trained on seven cars to three autos.
    expect(share('the car likes the dog.')).toBeGreaterThan(0.55)
    expect(share('the auto likes the dog.')).toBeGreaterThan(0.15)
    expect(share('the auto likes the dog.')).toBeLessThan(0.45)
    const narrow = { method: 'sample', temperature: 1, topP: 0.5, maxLength: 48 } as const
    expect(await write([source], narrow)).toEqual(['the car likes the dog.'])
  })

  it('writes a text the same whatever stands beside it, and draws by its own numbers', async () => {
    const sampling = { method: 'sample', temperature: 1, topP: 1, maxLength: 48 } as const
    const many = await write(golden.sources, sampling, 7)
    for (const [i, source] of golden.sources.entries())
      expect(await write([source], sampling, 7 + i)).toEqual([many[i]])
    expect(await write(golden.sources, sampling, 100)).not.toEqual(many)
    expect(await write([], sampling)).toEqual([])
  })

  it('stops when it is told to', async () => {
    const stop = () => {
      throw new Error('enough')
    }
    const greedy = { method: 'beam', beams: 1, maxLength: 48 } as const
    await expect(model.write(['a'], greedy, [() => 0], stop)).rejects.toThrow('enough')
  })
})

describe('a folder that is not whole', () => {
  const broken = (change: (folder: string) => void) => {
    const folder = join(temporaryFolder(), 'model')
    cpSync(FOLDER, folder, { recursive: true })
    change(folder)
    return openSeq2SeqFolder(folder)
  }
  const without =
    (...names: string[]) =>
    (folder: string) =>
      names.forEach((name) => rmSync(join(folder, name)))

  it.each([
    'config.json',
    'tokenizer.json',
    join('onnx', 'encoder_model.onnx'),
    join('onnx', 'decoder_model_merged.onnx'),
  ])('is refused by the name of what is missing: %s', async (name) => {
    await expect(broken(without(name))).rejects.toMatchObject({
      code: 'not-found',
      message: `The translation model lacks ${name.replaceAll('\\', '/')}.`,
      where: { file: expect.stringContaining(name) as string },
    })
  })

  it('hears what to do: Marian’s own files, a decoder in two, files at the top', async () => {
    const spm = broken((folder) => {
      without('tokenizer.json')(folder)
      writeFileSync(join(folder, 'source.spm'), '')
    })
    await expect(spm).rejects.toMatchObject({ hint: expect.stringContaining('transformers.js') as string })
    const split = broken((folder) => {
      without(join('onnx', 'decoder_model_merged.onnx'))(folder)
      writeFileSync(join(folder, 'onnx', 'decoder_model.onnx'), '')
    })
    await expect(split).rejects.toMatchObject({ hint: expect.stringContaining('merged') as string })
    const top = broken((folder) => {
      cpSync(join(folder, 'onnx', 'encoder_model.onnx'), join(folder, 'encoder_model.onnx'))
      without(join('onnx', 'encoder_model.onnx'))(folder)
    })
    await expect(top).rejects.toMatchObject({ hint: expect.stringContaining('folder onnx') as string })
  })

  it('is refused where a file is damaged, says too little, or is of another kind', async () => {
    const config = (value: unknown) => (folder: string) =>
      writeFileSync(join(folder, 'config.json'), typeof value === 'string' ? value : JSON.stringify(value))
    await expect(broken(config('{'))).rejects.toMatchObject({ code: 'corrupt' })
    await expect(broken(config({ model_type: 'bert' }))).rejects.toMatchObject({ code: 'unsupported' })
    const noStart = broken((folder) => {
      without('generation_config.json')(folder)
      config({ is_encoder_decoder: true, eos_token_id: 0 })(folder)
    })
    await expect(noStart).rejects.toMatchObject({ where: { field: 'decoder_start_token_id' } })
    const cut = join(temporaryFolder(), 'model')
    cpSync(FOLDER, cut, { recursive: true })
    writeFileSync(join(cut, 'onnx', 'encoder_model.onnx'), 'half a file')
    await expect(Seq2SeqModel.open(cut)).rejects.toMatchObject({ code: 'corrupt' })
  })

  it('may hold quantized weights instead', async () => {
    const folder = await broken((dir) => {
      cpSync(join(dir, 'onnx', 'encoder_model.onnx'), join(dir, 'onnx', 'encoder_model_quantized.onnx'))
      without(join('onnx', 'encoder_model.onnx'))(dir)
    })
    expect(folder.encoder).toMatch(/encoder_model_quantized\.onnx$/)
  })
})
