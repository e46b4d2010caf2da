import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import type { Draw } from '../random'
import { isMovable, placesOf, type Sentence } from '../text/token'
import { p, wordCount } from './words'

export const randomDeletion = defineAugmenter({
  name: 'random_deletion',
  title: 'Random deletion',
  group: 'Words',
  says: 'Drops each word with the same chance; one is always left.',
  source: 'EDA (Wei and Zou 2019), safe for any script',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    p: p('Chance of each word to go.'),
    min_words: z.int().min(1).max(1000).default(2).describe('Shorter texts are left alone.'),
  }),
  prepare:
    ({ p: share, min_words: least }) =>
    (sentence, { draw }) =>
      wordCount(sentence) < least ? sentence : deleteWords(sentence, share, draw),
})

export function deleteWords(sentence: Sentence, share: number, draw: Draw): Sentence {
  const places = placesOf(sentence, isMovable)
  const gone = new Set(places.filter(() => draw.chance(share)))
  if (gone.size === 0) return sentence
  if (gone.size === places.length && wordCount(sentence) === places.length) gone.delete(draw.pick(places))
  return sentence.filter((_, i) => !gone.has(i))
}
