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

interface Row {
  text: string
  label?: string
  augmented_from: number | null
}

/** `more`: columns beside the text, row by row. */
async function augment(recipe: unknown, more: readonly Record<string, string>[] = []) {
  const rows = TEXTS.map((text, i) => JSON.stringify({ text, ...more[i] }))
  const output = join(home, 'more.jsonl')
  const files = ['--recipe', write('r.json', recipe), '--input', write('rows.jsonl', rows.join('\n'))]
  const result = await tunesmith(['augment', ...files, '--output', output, '--json'], {
    home,
    spawnWorker: nodeHost(),
  })
  const lines = result.code === 0 ? readFileSync(output, 'utf8').trimEnd().split('\n') : []
  const made = lines
    .map((line) => JSON.parse(line) as Row)
    .filter(({ augmented_from: from }) => from !== null)
  return { ...result, rows: made, copies: made.map(({ text }) => text) }
}

const CLASSIFIER = 'test/golden/bert/models/gelu-3-labels'

describe('gates that ask models', () => {
  it('keep what the classifier gives its label, and paraphrases near their source', async () => {
    const substitution = { augmenter: 'masked_substitution', parameters: { alpha: 0.4 } }
    const recipe = { copies: 8, steps: [substitution], columns: { text: 'text', label: 'label' } }
    const labelled = ['weather', 'cooking', 'sport'].map((label) => ({ label }))
    const free = await augment(recipe, labelled)
    const gated = await augment({ ...recipe, gates: { same_label: CLASSIFIER } }, labelled)
    expect(gated.stderr).not.toContain('rror')
    expect(gated.lines[0]).toMatchObject({ rejected: { label: expect.any(Number) as number } })
    const input = write('kept.jsonl', free.rows.map(({ text }) => JSON.stringify({ text })).join('\n'))
    const predicted = await tunesmith(['predict', '--model', CLASSIFIER, '--input', input, '--json'], {
      home,
      spawnWorker: nodeHost(),
    })
    const agreeing = free.rows.filter((row, i) => predicted.lines[i]!.label === row.label)
    expect(agreeing.length).toBeGreaterThan(0)
    expect(agreeing.length).toBeLessThan(free.rows.length)
    expect(gated.rows.map(({ text }) => text)).toEqual(agreeing.map(({ text }) => text))

    const paraphrase = { steps: [{ augmenter: 'paraphrase', parameters: { candidates: 2 } }] }
    const near = await augment({ ...paraphrase, gates: { min_similarity: 0.9, max_perplexity_ratio: 3 } })
    expect(near.copies.length).toBeGreaterThan(0)
    const nearer = await augment({ ...paraphrase, gates: { min_similarity: 0.9999 } })
    expect(nearer.stderr).toMatch(/too unlike its source/)
  })
})

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
    // Each row's first copy is the same where it is made alone.
    const alone = await augment({ ...recipe, copies: 1 })
    expect(alone.copies.length).toBeGreaterThan(0)
    for (const copy of alone.copies) expect(first.copies).toContain(copy)
    expect((await augment({ ...recipe, seed: 1 })).copies).not.toEqual(first.copies)
    const bridges = first.copies.filter((copy) => copy.includes('home'))
    expect(bridges.length).toBeGreaterThan(0)
    for (const copy of bridges) expect(copy).toContain('Big Bridge.')
  })

  it('says at the parameter what is wrong with a model', async () => {
    const named = (model: string) =>
      augment({ steps: [{ augmenter: 'span_corruption', parameters: { model } }] })
    const unknown = await named('no-such-run')
    expect(unknown).toMatchObject({ code: 2 })
    expect(unknown.stderr).toMatch(/no-such-run is neither a folder nor a run/)
    expect(unknown.stderr).toMatch(/steps\.0\.parameters\.model/)
    // A classifier has no masked-language head.
    const classifier = await named(CLASSIFIER)
    expect(classifier).toMatchObject({ code: 2 })
    expect(classifier.stderr).toMatch(/no trained masked-language head/)
  })
})
