import { describe, expect, it } from 'vitest'
import { parseRecipe } from '../../../src/main/augment/compile'
import { exampleOf } from '../../../src/main/augment/augment'
import type { UserError } from '../../../src/shared/errors'
import { planCopies } from '../../../src/main/augment/plan'
import { augmenterCatalog } from '../../../src/main/augment/registry'
import { scriptOf } from '../../../src/main/augment/text/script'
import { afterOf, copiesOf, taggedRow, textRows } from './recipe'

const swap = { augmenter: 'random_swap' }

describe('a recipe as a person writes it', () => {
  it.each([
    [{ steps: [{ augmenter: 'random_swop' }] }, 'steps.0.augmenter', 'Did you mean random_swap?'],
    [{ steps: [{ ...swap, parameters: { alpha: 2 } }] }, 'steps.0.parameters.alpha', undefined],
    [{ steps: [{ ...swap, parameters: { alfa: 0.1 } }] }, 'steps.0.parameters.alfa', 'Did you mean alpha?'],
    [{ steps: [swap], copys: 2 }, 'copys', 'Did you mean copies?'],
    [{ steps: [swap], copies: 0 }, 'copies', undefined],
    [{ steps: [] }, 'steps', undefined],
    [{ steps: [swap], protect: { patterns: ['('] } }, 'protect.patterns.0', 'Invalid'],
  ])('%j is refused at %s', (recipe, field, hint) => {
    let error: unknown
    try {
      parseRecipe(recipe)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'bad-config', where: { field } })
    if (hint !== undefined) expect((error as UserError).hint).toContain(hint)
  })

  it('is refused where it does not suit the rows', async () => {
    await expect(
      copiesOf({ steps: [{ augmenter: 'entity_swap' }] }, textRows(['a b'])),
    ).rejects.toMatchObject({
      message: 'Entity swap works on tokens with tags; these rows are single texts.',
    })
    await expect(
      copiesOf({ steps: [{ augmenter: 'entity_swap' }] }, [taggedRow(1, 'no/O names/O')]),
    ).rejects.toMatchObject({ code: 'bad-input' })
    await expect(copiesOf({ steps: [swap], classes: ['z'] }, textRows(['a b']))).rejects.toMatchObject({
      where: { field: 'classes' },
      hint: 'The labels are a.',
    })
    await expect(copiesOf({ steps: [{ ...swap, enabled: false }] }, textRows(['a b']))).rejects.toMatchObject(
      { message: 'Every step of the recipe is switched off.' },
    )
  })

  it('has an editor for every parameter', () => {
    for (const { name, parameters } of augmenterCatalog())
      for (const parameter of parameters) {
        expect(parameter.help, `${name}.${parameter.name}`).toMatch(/\.$/)
        expect(parameter.default, `${name}.${parameter.name}`).toBeDefined()
      }
  })
})

describe('copies', () => {
  it('are shared out to balance classes, at most so many a row', () => {
    const counts = new Map([
      ['many', 100],
      ['some', 40],
      ['few', 10],
    ])
    const recipe = parseRecipe({ steps: [swap], balance: 'largest', copies: 4 })
    const plan = planCopies(recipe, counts)
    const of = (label: string, rows: number) =>
      Array.from({ length: rows }, (_, nth) => plan.copiesOf(label, nth))
    const sum = (list: number[]) => list.reduce((a, b) => a + b, 0)
    expect(sum(of('many', 100))).toBe(0)
    expect(sum(of('some', 40))).toBe(60)
    expect(new Set(of('some', 40))).toEqual(new Set([1, 2]))
    expect(of('few', 10)).toEqual(Array(10).fill(4))
    expect(plan.total).toBe(100)
    expect(plan.rows).toBe(50)
  })

  it('of chosen classes alone', async () => {
    const rows = [...textRows(['one two three'], 'x'), ...textRows(['four five six'], 'y')]
    const made = await copiesOf({ steps: [swap], classes: ['y'], copies: 2 }, rows)
    expect(made.map((copy) => copy.source.label)).toEqual(['y', 'y'])
  })
})

describe('gates', () => {
  const drop = { augmenter: 'punctuation', parameters: { operation: 'drop', p: 1 } }

  it('reject what equals validation, another row or copy, or nothing changed', async () => {
    const rows = textRows(['One, two', 'one two', 'Three, four', 'Five, six', 'Five; six', 'seven'])
    const made = await copiesOf({ steps: [drop] }, rows, ['THREE  four'])
    expect(made.map((copy) => copy.reason)).toEqual([
      null, // "One two" differs from "one two" in case
      'unchanged',
      'duplicate-evaluation',
      null,
      'duplicate-copy',
      'unchanged',
    ])
    const again = await copiesOf({ steps: [drop] }, textRows(['One, two', 'One two']))
    expect(again[0]!.reason).toBe('duplicate-train')
  })

  it('measure the change in words', async () => {
    const rows = textRows(['one two three four five six seven eight nine, ten'])
    const reasonWith = async (gates: Record<string, unknown>) =>
      (await copiesOf({ steps: [drop], gates }, rows))[0]!.reason
    // One of eleven tokens goes.
    expect(await reasonWith({ min_change: 0.09 })).toBeNull()
    expect(await reasonWith({ min_change: 0.1 })).toBe('change-below')
    expect(await reasonWith({ max_change: 0.1 })).toBeNull()
    expect(await reasonWith({ max_change: 0.09 })).toBe('change-above')
  })

  it('notice another script', async () => {
    const recipe = {
      steps: [{ augmenter: 'homoglyphs', parameters: { p: 1, letters: 1, min_characters: 1 } }],
    }
    expect((await copiesOf(recipe, textRows(['ace pope'])))[0]!.reason).toBe('script')
    const off = { ...recipe, gates: { same_script: false } }
    expect((await copiesOf(off, textRows(['ace pope'])))[0]!.reason).toBeNull()
    expect(['hello', 'привет', '日本語テキスト', '12:30', 'שלום'].map(scriptOf)).toEqual([
      'Latin',
      'Cyrillic',
      'Han and Kana',
      null,
      'Hebrew',
    ])
  })
})

describe('the diff', () => {
  it('rebuilds both texts', async () => {
    const rows = textRows(['The quick brown fox, they say, jumps over the lazy dog. It sleeps.'])
    const steps = ['random_swap', 'random_deletion', 'punctuation', 'white_space'].map((augmenter) => ({
      augmenter,
    }))
    for (const copy of await copiesOf({ steps, copies: 8 }, rows)) {
      const { diff } = exampleOf(copy)
      const side = (kind: 'in' | 'out') =>
        diff
          .filter((part) => part.kind !== (kind === 'in' ? 'out' : 'in'))
          .map((part) => part.text)
          .join('')
      expect(side('in').trim()).toBe(afterOf(copy))
      expect(side('out').replaceAll(' ', '').trim()).toBe(copy.source.text.replaceAll(' ', ''))
    }
  })
})
