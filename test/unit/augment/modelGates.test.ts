import { describe, expect, it } from 'vitest'
import { parseRecipe } from '../../../src/main/augment/compile'
import { namedModels } from '../../../src/main/augment/namedModels'
import { afterOf, copiesOf, taggedRow, textRows } from './recipe'

const substitute = { augmenter: 'masked_substitution', parameters: { alpha: 0.4, top_k: 50 } }
const TEXT = 'Old boats carry heavy cargo'

describe('the gate of the label', () => {
  const recipe = { steps: [substitute], copies: 30, gates: { same_label: 'run' } }

  it('keeps the copies that a classifier gives the label of their row, and no other', async () => {
    const rows = [...textRows([TEXT], 'dry'), ...textRows([`${TEXT} now`], 'wet')]
    const made = await copiesOf(recipe, rows)
    const judged = made.filter((copy) => copy.reason === null || copy.reason === 'label')
    expect(new Set(judged.map((copy) => copy.reason))).toEqual(new Set([null, 'label']))
    for (const copy of judged)
      expect(copy.reason === null).toBe(/river/i.test(afterOf(copy)) === (copy.source.label === 'wet'))
    const free = await copiesOf({ ...recipe, gates: {} }, rows)
    expect(free.some((copy) => copy.reason === 'label')).toBe(false)
  })

  it('asks a tagger where tokens have tags', async () => {
    const made = await copiesOf(recipe, [taggedRow(1, 'Anna/B-PER left/O early/O yesterday/O')])
    const reasons = made.map((copy) => copy.reason)
    expect(reasons).toContain('label')
    expect(reasons).toContain(null)
    for (const { reason, after } of made)
      if (reason === null || reason === 'label')
        expect(reason === 'label').toBe(after[0]!.some(({ text }) => /river/i.test(text)))
  })

  it('is refused where the classifier does not know a label, or rows have none', async () => {
    await expect(copiesOf(recipe, textRows([TEXT], 'sport'))).rejects.toMatchObject({
      message: 'The classifier does not know the label sport.',
      where: { field: 'gates.same_label' },
    })
    await expect(copiesOf(recipe, textRows([TEXT], null))).rejects.toMatchObject({
      where: { field: 'gates.same_label' },
    })
  })
})

describe('the gate of similarity', () => {
  it('keeps what is near its source, the more the lower it is set', async () => {
    const keptAt = async (min_similarity: number | null) => {
      const made = await copiesOf(
        { steps: [substitute], copies: 30, gates: { min_similarity } },
        textRows([TEXT]),
      )
      for (const { reason } of made) expect([null, 'similarity', 'duplicate-copy']).toContain(reason)
      return made.filter((copy) => copy.reason === null).length
    }
    const [all, some, none] = [await keptAt(null), await keptAt(0.88), await keptAt(0.9999)]
    expect(all).toBeGreaterThan(some)
    expect(some).toBeGreaterThan(0)
    expect(none).toBe(0)
  })

  it('measures both texts of a pair', async () => {
    const pair = { row: 1, label: 'a', text: 'and of', pair: TEXT, tagged: null }
    const [copy] = await copiesOf({ steps: [substitute], gates: { min_similarity: 0.9999 } }, [pair])
    expect(copy!.reason).toBe('similarity')
  })
})

describe('the gate of perplexity', () => {
  it('compares with the source', async () => {
    // The made-up model finds a text likelier by e^(1/100) a letter.
    const ratio = Math.exp(0.035)
    const made = await copiesOf(
      { steps: [substitute], copies: 30, gates: { max_perplexity_ratio: ratio } },
      textRows(['Magnificent boats carry extraordinary cargo']),
    )
    const judged = made.filter(({ reason }) => reason === null || reason === 'perplexity')
    expect(new Set(judged.map(({ reason }) => reason)).size).toBe(2)
    for (const copy of judged)
      expect(copy.reason === null).toBe(copy.source.text.length - afterOf(copy).length <= 3)
  })
})

describe('paraphrase', () => {
  const recipe = (gates: Record<string, unknown>, parameters: Record<string, unknown> = {}) => ({
    steps: [{ augmenter: 'paraphrase', parameters: { alpha: 0.4, top_k: 50, ...parameters } }],
    copies: 12,
    gates,
  })

  it('needs a gate that tells whether the meaning is kept', async () => {
    await expect(copiesOf(recipe({}), textRows([TEXT]))).rejects.toMatchObject({
      where: { field: 'gates.min_similarity' },
    })
    await expect(copiesOf(recipe({ max_perplexity_ratio: 2 }), textRows([TEXT]))).rejects.toMatchObject({
      code: 'bad-config',
    })
  })

  it('keeps only candidates that the label’s gate lets through', async () => {
    const keptOf = async (candidates: number) => {
      const made = await copiesOf(recipe({ same_label: 'run' }, { candidates }), textRows([TEXT], 'dry'))
      for (const copy of made) if (copy.reason === null) expect(afterOf(copy)).not.toMatch(/river/i)
      return made.filter((copy) => copy.reason !== 'label').length
    }
    // Of many candidates one passes where a single one would not.
    const [one, many] = [await keptOf(1), await keptOf(16)]
    expect(one).toBeLessThan(12)
    expect(many).toBe(12)
  })

  it('keeps only candidates that the gate of similarity lets through, and says so where none is', async () => {
    const reasons = async (min_similarity: number) =>
      (await copiesOf(recipe({ min_similarity }), textRows([TEXT]))).map((copy) => copy.reason)
    expect(await reasons(0.1)).toContain(null)
    expect(new Set(await reasons(0.9999))).toEqual(new Set(['similarity']))
  })

  it('takes the likeliest candidate', async () => {
    // The made-up model likes long texts: of more candidates the longest is longer.
    const lengths = async (candidates: number) => {
      const made = await copiesOf(recipe({ min_similarity: 0 }, { candidates }), textRows([TEXT]))
      return made.reduce((sum, copy) => sum + afterOf(copy).length, 0)
    }
    expect(await lengths(16)).toBeGreaterThan(await lengths(1))
  })
})

it('models of gates are named where a gate asks them', () => {
  const named = (gates: Record<string, unknown>) =>
    namedModels(parseRecipe({ steps: [{ augmenter: 'random_swap' }], gates }))
  expect(named({})).toEqual([])
  expect(named({ same_label: '3', min_similarity: 0.8, max_perplexity_ratio: 2 })).toEqual([
    { kind: 'classifier', reference: '3', field: 'gates.same_label' },
    { kind: 'encoder', reference: 'starter-2x256', field: 'gates.similarity_model' },
    { kind: 'masked-lm', reference: 'starter-2x256', field: 'gates.language_model' },
  ])
})
