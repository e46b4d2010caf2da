/** Back-translation and paraphrase by a text-to-text model, there and back through the command line and real workers. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { tunesmith } from '../cli/terminal'
import { temporaryFolder } from '../store/temporary'

let home: string
beforeEach(() => {
  home = temporaryFolder()
})

// One model that translates both ways, as OPUS-MT models of many languages do.
const FOLDER = 'test/golden/seq2seq/marian'
const WAYS = { forward: FOLDER, backward: FOLDER, forward_prefix: '>>xx<<', backward_prefix: '>>en<<' }
const TEXTS = ['the auto sees the large dog.', 'the lad likes the house. the dog grabs the car!']

async function augment(recipe: unknown) {
  const [recipeFile, input, output] = ['r.json', 'rows.jsonl', 'more.jsonl'].map((name) => join(home, name))
  writeFileSync(recipeFile!, JSON.stringify(recipe))
  writeFileSync(input!, TEXTS.map((text) => JSON.stringify({ text })).join('\n'))
  const files = ['--recipe', recipeFile!, '--input', input!, '--output', output!]
  const result = await tunesmith(['augment', ...files, '--json'], { home, spawnWorker: nodeHost() })
  const lines = result.code === 0 ? readFileSync(output!, 'utf8').trimEnd().split('\n') : []
  const rows = lines.map((line) => JSON.parse(line) as { text: string; augmented_from: number | null })
  return { ...result, copies: rows.filter((row) => row.augmented_from !== null).map(({ text }) => text) }
}

describe('back-translation', () => {
  it('comes back in other words, sentence by sentence: the likeliest by beam search', async () => {
    const parameters = { ...WAYS, method: 'beam' }
    const { copies, stderr } = await augment({ steps: [{ augmenter: 'back_translation', parameters }] })
    expect(stderr).not.toContain('rror')
    // The other language has one word for auto and car, large and big, lad and boy, grabs and takes.
    expect(copies).toEqual(['the car sees the big dog.', 'the boy likes the house. the dog takes the car!'])
  })

  it('draws another way back for each copy, the same for the same seed, and loses no protected word', async () => {
    const recipe = {
      copies: 6,
      steps: [{ augmenter: 'back_translation', parameters: { ...WAYS, top_p: 1 } }],
      protect: { words: ['lad'] },
    }
    const first = await augment(recipe)
    expect(first.copies.length).toBeGreaterThan(2)
    expect(new Set(first.copies).size).toBe(first.copies.length)
    for (const copy of first.copies) expect(copy).toMatch(/^the (car|auto) (sees|notices) |^the lad likes /)
    expect(first.lines[0]).toMatchObject({ rejected: { protected: expect.any(Number) as number } })
    expect((await augment(recipe)).copies).toEqual(first.copies)
  })

  it('says which file a model lacks, and at which step', async () => {
    const folder = join(home, 'opus')
    cpSync(FOLDER, folder, { recursive: true })
    rmSync(join(folder, 'onnx', 'decoder_model_merged.onnx'))
    const with_ = (backward: string) =>
      augment({ steps: [{ augmenter: 'back_translation', parameters: { ...WAYS, backward } }] })
    const lacking = await with_(folder)
    expect(lacking).toMatchObject({ code: 2, copies: [] })
    expect(lacking.stderr).toMatch(/lacks onnx\/decoder_model_merged\.onnx/)
    expect(lacking.stderr).toMatch(/steps\.0/)
    const none = await with_('')
    expect(none.code).toBe(2)
    expect(none.stderr).toMatch(/needs a model[^]*steps\.0\.parameters\.backward/)
    expect((await with_(join(home, 'nowhere'))).stderr).toMatch(/no such folder/)
  })
})
