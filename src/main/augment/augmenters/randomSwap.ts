import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import type { Draw } from '../random'
import { isMovable, placesOf, replaceAt, type Sentence } from '../text/token'
import { alpha, countOf, wordCount } from './words'

export const randomSwap = defineAugmenter({
  name: 'random_swap',
  title: 'Random swap',
  group: 'Words',
  says: 'Exchanges two words, several times.',
  source: 'EDA (Wei and Zou 2019), safe for any script',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({ alpha: alpha('Exchanges, as a share of the words.') }),
  prepare:
    ({ alpha: share }) =>
    (sentence, { draw }) =>
      swapWords(sentence, countOf(share, wordCount(sentence)), draw),
})

/** White space and marks stay where they are; only words change places. */
export function swapWords(sentence: Sentence, count: number, draw: Draw): Sentence {
  const places = placesOf(sentence, isMovable)
  if (places.length < 2) return sentence
  const texts = new Map<number, string>()
  const textAt = (place: number) => texts.get(place) ?? sentence[place]!.text
  for (let i = 0; i < count; i++) {
    const a = draw.below(places.length)
    const b = (a + 1 + draw.below(places.length - 1)) % places.length
    const [first, second] = [textAt(places[a]!), textAt(places[b]!)]
    texts.set(places[a]!, second).set(places[b]!, first)
  }
  return replaceAt(sentence, texts)
}
