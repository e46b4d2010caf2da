import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { edaClean, edaOperation, edaWords } from '../../../src/main/augment/augmenters/edaReference'
import { countOf } from '../../../src/main/augment/augmenters/words'
import { stopWords } from '../../../src/main/augment/english/functionWords'
import { Draw } from '../../../src/main/augment/random'
import { parseText, protection } from '../../../src/main/augment/text/parse'
import { WordNet } from '../../../src/main/augment/wordnet/database'
import { edaSynonyms } from '../../../src/main/augment/wordnet/synonyms'
import { afterOf, copiesOf, textRows } from './recipe'

interface Golden {
  texts: string[]
  cleaned: string[]
  stop_words: string[]
  synonyms: Record<string, string[]>
  counts: { alpha: number; words: number; n: number }[]
  outputs: { settings: [number, number, number, number, number]; text: number; count: number }[]
  lengths: Record<'swap' | 'deletion', { words: number; in_place: number }>
}
const golden = JSON.parse(readFileSync('test/golden/augment/eda.json', 'utf8')) as Golden
const unprotected = protection([], [])
const wordsOf = (text: string) => edaWords(parseText(text, unprotected))

let wordnet: WordNet
beforeAll(async () => {
  wordnet = await WordNet.open()
})

describe('EDA as its published code does it', () => {
  it('cleans as get_only_chars', () => {
    expect(golden.texts.map(edaClean)).toEqual(golden.cleaned)
    for (const [i, text] of golden.texts.entries())
      expect(wordsOf(text).map((word) => word.text)).toEqual(golden.cleaned[i]!.trim().split(' '))
  })

  it('has the same stop words', () => {
    expect([...stopWords].filter((word) => word !== '').sort()).toEqual(golden.stop_words)
  })

  it('counts max(1, int(alpha · l))', () => {
    expect(golden.counts.length).toBeGreaterThan(30)
    for (const { alpha, words, n } of golden.counts) expect(countOf(alpha, words)).toBe(n)
    expect(countOf(0, 20)).toBe(0)
  })

  it('finds the synonyms that NLTK finds', () => {
    const synonyms = edaSynonyms(wordnet)
    // Irregular forms come from exception lists, which the golden run had not.
    const irregular = ['leaves', 'happier']
    for (const [word, expected] of Object.entries(golden.synonyms)) {
      const found = [...synonyms(word)].sort()
      if (irregular.includes(word)) expect(found, word).toEqual(expect.arrayContaining(expected))
      else expect(found, word).toEqual(expected)
    }
    expect(synonyms('leaves')).toContain('leaf')
    expect(synonyms('happier')).toContain('glad')
  })

  it('makes as many copies, whatever is switched off', async () => {
    for (const { settings, text, count } of golden.outputs) {
      const [alpha_sr, alpha_ri, alpha_rs, p_rd, copies] = settings
      const parameters = { mode: 'reference', alpha_sr, alpha_ri, alpha_rs, p_rd }
      const recipe = { steps: [{ augmenter: 'eda', parameters }], copies }
      const made = await copiesOf(recipe, textRows([golden.texts[text]!]))
      expect(made.filter((copy) => copy.reason !== 'not-made')).toHaveLength(count)
      for (const copy of made.filter((one) => one.reason === null)) expect(afterOf(copy)).toMatch(/^[a-z ]+$/)
    }
  })

  it('swaps and deletes as often', () => {
    const words = wordsOf(golden.texts[4]!)
    const mean = (operation: 'swap' | 'deletion', share: number, measure: (texts: string[]) => number) => {
      let total = 0
      for (let row = 0; row < 3000; row++) {
        const draw = new Draw({ seed: 1, row, copy: 0, step: 0 })
        total += measure(edaOperation(words, operation, share, draw, () => []).map((word) => word.text))
      }
      return total / 3000
    }
    // 18 words: two swaps of int(0.12 · 18). The golden figures are means of 3,000 draws as well.
    const inPlace = mean('swap', 0.12, (texts) => texts.filter((text, i) => text === words[i]!.text).length)
    expect(inPlace).toBeCloseTo(golden.lengths.swap.in_place, 0)
    expect(mean('deletion', 0.2, (texts) => texts.length)).toBeCloseTo(golden.lengths.deletion.words, 0)
  })

  it('replaces every occurrence, deletes nothing of one word, keeps one of all', () => {
    const draw = new Draw({ seed: 1, row: 1, copy: 0, step: 0 })
    const texts = (words: { text: string }[]) => words.map((word) => word.text)
    const replaced = edaOperation(wordsOf('dog bites dog'), 'replacement', 0.9, draw, (word) =>
      word === 'dog' ? ['domestic dog'] : [],
    )
    expect(texts(replaced)).toEqual(['domestic', 'dog', 'bites', 'domestic', 'dog'])
    expect(texts(edaOperation(wordsOf('dog'), 'deletion', 1, draw, () => []))).toEqual(['dog'])
    expect(edaOperation(wordsOf('one two three'), 'deletion', 1, draw, () => [])).toHaveLength(1)
  })
})

describe('EDA in its Unicode mode', () => {
  it('keeps case, digits, marks and other scripts', async () => {
    const text = 'Der Zug fährt um 17:45 Uhr – nach Łódź! Билеты: 3 €'
    const recipe = { steps: [{ augmenter: 'eda', parameters: { alpha_sr: 0, alpha_ri: 0 } }], copies: 8 }
    const made = await copiesOf(recipe, textRows([text]))
    const kept = made.filter((copy) => copy.reason === null)
    expect(kept.length).toBeGreaterThan(2)
    const words = new Set(text.match(/[\p{L}\p{N}]+/gu))
    for (const copy of kept) {
      for (const word of afterOf(copy).match(/[\p{L}\p{N}]+/gu)!) expect(words).toContain(word)
      expect(afterOf(copy)).toMatch(/–.*!.*€/)
    }
  })

  it('works on a script without spaces', async () => {
    const recipe = { steps: [{ augmenter: 'random_swap', parameters: { alpha: 0.4 } }] }
    const [copy] = await copiesOf(recipe, textRows(['今日は東京で新しい本を買いました。']))
    expect(copy!.reason).toBeNull()
    const letters = (text: string) => text.split('').sort()
    expect(letters(afterOf(copy!))).toEqual(letters('今日は東京で新しい本を買いました。'))
    expect(afterOf(copy!)).not.toContain(' ')
  })
})
