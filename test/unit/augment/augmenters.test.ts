import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entitySpans } from '../../../src/main/augment/corpus'
import { augmenters } from '../../../src/main/augment/registry'
import { parseText, protection } from '../../../src/main/augment/text/parse'
import { textOf } from '../../../src/main/augment/text/token'
import { afterOf, copiesOf, taggedRow, textRows } from './recipe'

const TEXTS = [
  'She walks quickly over the Old Bridge near Kraków; it is 3.5 km long. Nobody else came!',
  'A dog and a walk. The order ID-4711 was sent to anna@example.org twice.',
  'Мама мыла раму, а потом читала книгу. Было тихо.',
  'प्यारी बिल्ली दूध पीती है। बाहर बारिश हो रही है।',
  '私は毎朝駅まで歩きます。とても静かです。',
  '👩‍👩‍👧 fun 🎉 times ahead',
]
const TAGGED = [
  taggedRow(1, 'Anna/B-PER Maria/I-PER lives/O in/O New/B-LOC York/I-LOC now/O ./O'),
  taggedRow(2, 'Ben/B-PER visited/O Paris/B-LOC with/O Clara/B-PER Stone/I-PER yesterday/O ./O'),
  taggedRow(3, 'Nothing/O happened/O in/O Rome/B-LOC ./O'),
]
/** Strong enough that something happens. */
const STRONG: Record<string, Record<string, unknown>> = {
  random_deletion: { p: 0.4 },
  letter_case: { p: 0.5 },
  crop: { keep: 0.5 },
}
const WRITERS = ['back_translation', 'seq2seq_paraphrase']
const recipeOf = (augmenter: string, more: Record<string, unknown> = {}) => ({
  steps: [{ augmenter, parameters: STRONG[augmenter] ?? {} }],
  copies: 4,
  gates: { same_script: false, ...(augmenter === 'paraphrase' && { min_similarity: 0.1 }) },
  ...more,
})

describe.each(augmenters.map((augmenter) => [augmenter.name, augmenter] as const))(
  '%s',
  (name, augmenter) => {
    const rows = augmenter.rows.includes('text') ? textRows(TEXTS) : TAGGED

    it('changes something, and names its source', async () => {
      const made = await copiesOf(recipeOf(name), rows)
      expect(made.filter((copy) => copy.reason === null).length).toBeGreaterThan(0)
      expect(augmenter.source).not.toBe('')
      for (const schema of Object.values(augmenter.parameters.shape))
        expect(schema).toHaveProperty('description')
      expect(augmenter.parameters.parse({})).toBeTypeOf('object')
    })

    it('gives the same text for the same seed in any order, another for another', async () => {
      const texts = async (seed: number, order: typeof rows) => {
        const made = await copiesOf(recipeOf(name, { seed }), order)
        return made.map((copy) => `${copy.source.row}.${copy.number} ${afterOf(copy)}`).sort()
      }
      const once = await texts(1, rows)
      // A gazetteer and a partner depend on the rows there are, not on who is first.
      if (!['entity_swap', 'concatenation'].includes(name))
        expect(await texts(1, [...rows].reverse())).toEqual(once)
      expect(await texts(1, rows)).toEqual(once)
      expect(await texts(2, rows)).not.toEqual(once)
    })

    if (augmenter.rows.includes('text'))
      it('never touches what is protected', async () => {
        const protect = {
          words: ['Old Bridge', 'dog', '駅', 'мыла'],
          patterns: ['\\bID-\\d+\\b', '\\S+@\\S+'],
        }
        const kept = ['Old Bridge', 'dog', '駅', 'мыла', 'ID-4711', 'anna@example.org']
        for (const copy of await copiesOf(recipeOf(name, { protect, copies: 16 }), rows)) {
          if (copy.reason === 'not-made') continue
          // What a model writes may lack a protected word: the gate says so.
          if (WRITERS.includes(name) && copy.reason === 'protected') continue
          expect(copy.reason).not.toBe('protected')
          for (const word of kept.filter((one) => copy.source.text.includes(one)))
            expect(afterOf(copy), `${word} in ${copy.source.text}`).toContain(word)
        }
      })

    if (augmenter.rows.includes('tagged'))
      it('keeps a tag for each token and every entity whole', async () => {
        for (const copy of await copiesOf(recipeOf(name, { copies: 16 }), TAGGED)) {
          const [sentence] = copy.after
          for (const token of sentence!) {
            expect(token.tag).not.toBeNull()
            expect(token.text).not.toMatch(/\s/)
          }
          const tags = sentence!.map((token) => token.tag)
          tags.forEach((tag, i) => {
            if (tag!.startsWith('I-')) expect(tags[i - 1]!.slice(2)).toBe(tag!.slice(2))
          })
          const spans = (of: readonly (string | null)[]) =>
            entitySpans(of)
              .map((span) => span.type)
              .sort()
          if (!['crop', 'concatenation'].includes(name))
            expect(spans(tags)).toEqual(spans(copy.source.tagged!.tags))
        }
      })
  },
)

describe('text and tokens', () => {
  it('come back as they were, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        expect(textOf(parseText(text, protection([], [])))).toBe(text.trim())
        expect(textOf(parseText(text, protection(['a b', '日本'], ['[0-9]+ .', 'e.'])))).toBe(text.trim())
      }),
      { numRuns: 500 },
    )
  })
})

describe('entity_swap with a gazetteer', () => {
  const row = taggedRow(1, 'Anna/B-PER Maria/I-PER lives/O in/O Rome/B-LOC ./O')
  const swapped = (gazetteer: unknown) => {
    const file = join(mkdtempSync(join(tmpdir(), 'gazetteer-')), 'names.json')
    writeFileSync(file, JSON.stringify(gazetteer))
    const parameters = { p: 1, gazetteer: file }
    return copiesOf({ steps: [{ augmenter: 'entity_swap', parameters }], copies: 20 }, [row])
  }

  it('takes its names, longer and shorter ones, with the tags of their type', async () => {
    const made = await swapped({ PER: ['Ben', 'Clara van Dijk'], ORG: ['ACME'] })
    const kept = made.filter((copy) => copy.reason === null)
    expect(new Set(kept.map(afterOf))).toEqual(
      new Set(['Ben lives in Rome .', 'Clara van Dijk lives in Rome .']),
    )
    const long = kept.find((copy) => afterOf(copy).startsWith('Clara'))!
    expect(long.after[0]!.map(({ tag }) => tag)).toEqual(['B-PER', 'I-PER', 'I-PER', 'O', 'O', 'B-LOC', 'O'])
  })

  it('is refused where it is none, or not there', async () => {
    await expect(swapped(['Ben'])).rejects.toMatchObject({ code: 'bad-input', where: { field: 'steps.0' } })
    const nowhere = { augmenter: 'entity_swap', parameters: { gazetteer: '/no/such/file.json' } }
    await expect(copiesOf({ steps: [nowhere] }, [row])).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('synonym_replacement', () => {
  const synonyms = async (text: string) => {
    const recipe = { steps: [{ augmenter: 'synonym_replacement', parameters: { senses: 2 } }], copies: 40 }
    const made = await copiesOf(recipe, textRows([text]))
    return made.filter((copy) => copy.reason === null).map(afterOf)
  }

  it('keeps part of speech, inflection, case and articles', async () => {
    expect(await synonyms('He strides home.')).not.toContainEqual(expect.stringContaining('pace '))
    expect(await synonyms('She purchased it.')).toEqual(['She bought it.'])
    expect(await synonyms('The CARS there')).toEqual(
      expect.arrayContaining(['The AUTOS there', 'The AUTOMOBILES there']),
    )
    expect(await synonyms('a car')).toEqual(expect.arrayContaining(['an auto', 'a motorcar']))
    const discussing = await synonyms('They were discussing it')
    expect(discussing.length).toBeGreaterThan(0)
    for (const text of discussing) expect(text).toMatch(/^They were \S+ing .*it$|^They were \w+ing it$/)
  })

  it('leaves grammar alone', async () => {
    expect(await synonyms('near the')).toEqual([])
  })
})
