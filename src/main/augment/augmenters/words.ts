/** What several augmenters share: how many words are changed, which, and the parameters that say so. */
import { z } from 'zod'
import type { Draw } from '../random'
import { isFree, placesOf, replaceAt, type Sentence } from '../text/token'

const share = (help: string, value: number) => z.number().min(0).max(1).default(value).describe(help)

/** EDA's parameter of a word operation. */
export const alpha = (help: string) => share(`${help} At least one.`, 0.1)

export const p = (help: string, value = 0.1) => share(help, value)

/** max(1, ⌊alpha · words⌋), as EDA counts; 0 where alpha is 0. */
export function countOf(alphaValue: number, words: number): number {
  return alphaValue === 0 ? 0 : Math.max(1, Math.floor(alphaValue * words))
}

export function wordCount(sentence: Sentence): number {
  let count = 0
  for (const token of sentence) if (token.isWord) count++
  return count
}

export function minCharacters(value: number) {
  return z.int().min(1).max(20).default(value).describe('Shorter words are left alone.')
}

/** Parameters of noise inside words. */
export const noiseParameters = {
  p: p('Share of the words that get an error. At least one.'),
  min_characters: minCharacters(4),
}

/** Changes a share of the words that are long enough; `alter` gives null where it cannot change a word. */
export function alterWords(
  sentence: Sentence,
  { p: wanted, min_characters: least }: { p: number; min_characters: number },
  draw: Draw,
  alter: (word: string) => string | null,
): Sentence {
  const places = placesOf(sentence, (token) => isFree(token) && token.text.length >= least)
  const count = Math.min(places.length, countOf(wanted, places.length))
  const texts = new Map<number, string>()
  for (const place of draw.shuffled(places)) {
    if (texts.size >= count) break
    const altered = alter(sentence[place]!.text)
    if (altered !== null && altered !== sentence[place]!.text) texts.set(place, altered)
  }
  return replaceAt(sentence, texts)
}

/** A word as whole characters, so that no surrogate pair or combined letter is cut. */
export function charactersOf(word: string): string[] {
  if (/^[\x00-\x7f]*$/.test(word)) return word.split('')
  return Array.from(graphemes.segment(word), ({ segment }) => segment)
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
