import { describe, expect, it } from 'vitest'
import { Augmentation } from '../../../src/main/augment/augment'
import { parseRecipe } from '../../../src/main/augment/compile'
import { namedModels } from '../../../src/main/augment/namedModels'
import { drawWord } from '../../../src/main/augment/masked/words'
import { Draw } from '../../../src/main/augment/random'
import { augmenterCatalog } from '../../../src/main/augment/registry'
import { fakeModels, type Asked } from './fakeModels'
import { afterOf, copiesOf, taggedRow, textRows } from './recipe'

const step = (augmenter: string, parameters: Record<string, unknown> = {}) => ({
  steps: [{ augmenter, parameters }],
})

describe('masked_substitution', () => {
  it('asks all copies at once, each with the words before already in', async () => {
    const asked: Asked = { gaps: [] }
    const recipe = { ...step('masked_substitution', { alpha: 0.5 }), copies: 3 }
    const made = await copiesOf(
      recipe,
      textRows(['Cats climb trees.', 'Dogs dig holes!']),
      [],
      fakeModels(asked),
    )
    expect(asked.gaps.map((gaps) => gaps.length)).toEqual([6])
    for (const [i, { before, after, masks }] of asked.gaps[0]!.entries()) {
      expect(masks).toBe(1)
      const { text } = made[i]!.source
      expect(text.startsWith(before) && text.endsWith(after)).toBe(true)
      expect(text.slice(before.length, text.length - after.length).trim()).toMatch(/^\w+$/)
    }
    asked.gaps.length = 0
    const [long] = await copiesOf(
      step('masked_substitution', { alpha: 1 }),
      textRows(['Cats climb trees.']),
      [],
      fakeModels(asked),
    )
    const [first, second, third] = asked.gaps.map(([gap]) => `${gap!.before} _${gap!.after}`)
    // The third question has two new words, the second one.
    const newWords = (text: string) =>
      text.match(/\w+/g)!.filter((word) => /^(?!Cats|climb|trees|_).+/.test(word))
    expect([first, second, third].map((text) => newWords(text!).length)).toEqual([0, 1, 2])
    expect(newWords(afterOf(long!))).toHaveLength(3)
  })

  it('keeps case, grammar and marks, and mends the article', async () => {
    const made = await copiesOf(
      { ...step('masked_substitution', { alpha: 1, top_k: 50 }), copies: 20 },
      textRows(['An OLD Bridge, not a walk']),
    )
    const kept = made.filter((one) => one.reason === null)
    expect(kept.length).toBeGreaterThan(0)
    for (const copy of kept)
      expect(afterOf(copy)).toMatch(
        /^(An APPLE|An OFTEN|A [A-Z]+) [A-Z][a-z]+, not (an (apple|often)|a \w+)$/,
      )
  })

  it('does not repeat the word beside the gap', async () => {
    const recipe = { ...step('masked_substitution', { alpha: 0.5, top_k: 50 }), copies: 40 }
    const made = await copiesOf(recipe, textRows(['River boats green']))
    expect(made.some(({ reason }) => reason === null)).toBe(true)
    for (const copy of made) expect(afterOf(copy)).not.toMatch(/\b(\w+) \1\b/i)
  })

  it('leaves numbers as they are', async () => {
    for (const augmenter of ['masked_substitution', 'span_corruption']) {
      const share = augmenter === 'span_corruption' ? { p: 1 } : { alpha: 1 }
      for (const copy of await copiesOf(
        { ...step(augmenter, share), copies: 5 },
        textRows(['In 1984 boats cost 3.50 dollars']),
      ))
        expect(afterOf(copy)).toMatch(/^\S+ 1984 \w+ \w+ 3\.50 \w+$/)
    }
  })

  it('leaves a text alone that has no word to replace', async () => {
    const [copy] = await copiesOf(step('masked_substitution'), textRows(['and of the']))
    expect(copy!.reason).toBe('unchanged')
  })
})

describe('masked_insertion', () => {
  it('adds words and changes none', async () => {
    const recipe = { ...step('masked_insertion', { alpha: 0.5 }), copies: 10 }
    const source = 'She reads long letters, slowly.'
    for (const copy of await copiesOf(recipe, textRows([source]))) {
      const kept = afterOf(copy).match(/\w+|[.,]/g)!
      expect(kept).toHaveLength(7 + 2)
      let at = 0
      for (const word of kept) if (word === source.match(/\w+|[.,]/g)![at]) at++
      expect(at).toBe(7)
    }
  })
})

describe('span_corruption', () => {
  it('hides a span whole and fills it from the left', async () => {
    const asked: Asked = { gaps: [] }
    const recipe = step('span_corruption', { p: 0.5, mean_span: 10 })
    await copiesOf(recipe, textRows(['one two three four five six seven eight']), [], fakeModels(asked))
    const gaps = asked.gaps.map(([gap]) => gap!)
    const masks = gaps.map((gap) => gap.masks)
    expect(masks).toHaveLength(4)
    // Each span counts down to one mask.
    masks.forEach((count, i) => expect(count).toBe(i > 0 && masks[i - 1]! > 1 ? masks[i - 1]! - 1 : count))
    expect(masks.at(-1)).toBe(1)
  })

  it('leaves entities alone and tags aligned', async () => {
    const recipe = { ...step('span_corruption', { p: 1 }), copies: 5 }
    const row = taggedRow(1, 'Anna/B-PER Maria/I-PER lives/O in/O New/B-LOC York/I-LOC now/O')
    for (const { after } of await copiesOf(recipe, [row])) {
      expect(after[0]!.map(({ tag }) => tag)).toEqual(row.tagged!.tags)
      expect(after[0]!.map(({ text }) => text).filter((_, i) => [0, 1, 4, 5].includes(i))).toEqual([
        'Anna',
        'Maria',
        'New',
        'York',
      ])
    }
  })
})

describe('drawWord', () => {
  const candidates = [
    { word: 'Often', logit: 5 + Math.log(0.6) },
    { word: 'rarely', logit: 5 + Math.log(0.3) },
    { word: 'now', logit: 5 + Math.log(0.1) },
  ]
  const share = (settings: { top_k: number; temperature: number }, word: string, refused = '') => {
    let count = 0
    for (let row = 0; row < 4000; row++) {
      const draw = new Draw({ seed: 5, row, copy: 0, step: 0 })
      if (drawWord(candidates, settings, (one) => one === refused, draw) === word) count++
    }
    return count / 4000
  }

  it('draws by probability, temperature and rank', () => {
    expect(share({ top_k: 3, temperature: 1 }, 'Often')).toBeCloseTo(0.6, 1)
    // 0.6² : 0.3² : 0.1²
    expect(share({ top_k: 3, temperature: 0.5 }, 'rarely')).toBeCloseTo(0.09 / 0.46, 1)
    expect(share({ top_k: 1, temperature: 1 }, 'Often')).toBe(1)
    expect(share({ top_k: 1, temperature: 1 }, 'rarely', 'often')).toBe(1)
    expect(
      drawWord(
        [],
        { top_k: 1, temperature: 1 },
        () => false,
        new Draw({ seed: 1, row: 1, copy: 0, step: 0 }),
      ),
    ).toBeNull()
  })
})

describe('many copies', () => {
  it('are made in calls of bounded size, with progress between them and cancelling heard', async () => {
    const rows = textRows(Array.from({ length: 40 }, (_, i) => `Row ${i} tells of boats.`))
    const source = { train: () => rows, evaluation: () => [] }
    const shown = async (augmenter: string, signal?: AbortSignal) => {
      const recipe = parseRecipe({ copies: 8, steps: [{ augmenter }] })
      const augmentation = await Augmentation.prepare(recipe, source, fakeModels())
      const progress: number[] = []
      const hooks = { onProgress: (made: number) => progress.push(made), ...(signal && { signal }) }
      for await (const copy of augmentation.copies(hooks)) expect(copy.source).toBeDefined()
      return progress
    }
    expect(await shown('masked_substitution')).toEqual([128, 256, 320])
    expect(await shown('back_translation')).toHaveLength(20)
    await expect(shown('masked_insertion', AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('models a recipe names', () => {
  it('are those of its steps that are switched on, defaults too', () => {
    const recipe = parseRecipe({
      steps: [
        { augmenter: 'masked_substitution', parameters: { model: '12' } },
        { augmenter: 'masked_insertion', enabled: false },
        { augmenter: 'random_swap' },
        { augmenter: 'span_corruption' },
      ],
    })
    expect(namedModels(recipe)).toEqual([
      { kind: 'masked-lm', reference: '12', field: 'steps.0.parameters.model' },
      { kind: 'masked-lm', reference: 'starter-2x256', field: 'steps.3.parameters.model' },
    ])
  })

  it('can be told from other parameters by a form', () => {
    const { parameters } = augmenterCatalog().find(({ name }) => name === 'masked_insertion')!
    expect(parameters.find(({ name }) => name === 'model')!.schema).toMatchObject({
      model: 'masked-lm',
      type: 'string',
    })
  })
})
