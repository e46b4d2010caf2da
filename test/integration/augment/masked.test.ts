/** Augmenters that ask a masked language model, with the starter, through the command line and real workers. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { tunesmith } from '../cli/terminal'
import { temporaryFolder } from '../store/temporary'

let home: string
beforeEach(() => {
  home = temporaryFolder()
})

function write(name: string, value: unknown): string {
  writeFileSync(join(home, name), typeof value === 'string' ? value : JSON.stringify(value))
  return join(home, name)
}

const TEXTS = [
  'a large animal with four legs that lives in the forest',
  'The old man walks home slowly, near the Big Bridge.',
  'a device used for measuring the temperature of a liquid',
]

async function augment(recipe: unknown, output = 'more.jsonl') {
  const input = write('rows.csv', ['text', ...TEXTS.map((text) => `"${text}"`)].join('\n'))
  const files = ['--recipe', write('r.json', recipe), '--input', input, '--output', join(home, output)]
  const result = await tunesmith(['augment', ...files, '--json'], { home, spawnWorker: nodeHost() })
  if (result.code !== 0) return { ...result, copies: [] }
  const lines = readFileSync(join(home, output), 'utf8').trimEnd().split('\n')
  const rows = lines.map((line) => JSON.parse(line) as { text: string; augmented_from: number | null })
  return { ...result, copies: rows.filter((row) => row.augmented_from !== null).map((row) => row.text) }
}

describe('augment with the starter encoder', () => {
  it('writes likely words, the same for the same seed however many copies stand side by side', async () => {
    const recipe = {
      copies: 6,
      steps: [{ augmenter: 'masked_substitution', parameters: { top_k: 10 } }],
      protect: { words: ['Big Bridge'] },
    }
    const first = await augment(recipe)
    expect(first.stderr).not.toContain('rror')
    expect(first.copies.length).toBeGreaterThan(10)
    expect((await augment(recipe)).copies).toEqual(first.copies)
    // Each row's first copy is the same where it is made alone.
    const alone = await augment({ ...recipe, copies: 1 })
    for (const copy of alone.copies) expect(first.copies).toContain(copy)
    expect((await augment({ ...recipe, seed: 1 })).copies).not.toEqual(first.copies)
    for (const copy of first.copies) if (copy.includes('home')) expect(copy).toContain('Big Bridge.')
    // What the encoder has learned: something that measures temperature or lives in a forest.
    const certain = await augment({
      ...recipe,
      copies: 20,
      steps: [{ augmenter: 'masked_substitution', parameters: { top_k: 1 } }],
    })
    expect(certain.copies.join('\n')).toMatch(/instrument|animal that|lives in the (water|forest)/)
  })

  it('says at the parameter what is wrong with a model', async () => {
    const named = (model: string) =>
      augment({ steps: [{ augmenter: 'span_corruption', parameters: { model } }] })
    const unknown = await named('no-such-run')
    expect(unknown).toMatchObject({ code: 2 })
    expect(unknown.stderr).toMatch(/no-such-run is neither a folder nor a run/)
    expect(unknown.stderr).toMatch(/steps\.0\.parameters\.model/)
    // A classifier has no masked-language head.
    const folder = 'test/golden/bert/models/gelu-3-labels'
    const classifier = await named(folder)
    expect(classifier).toMatchObject({ code: 2 })
    expect(classifier.stderr).toMatch(/no trained masked-language head/)
  })
})
