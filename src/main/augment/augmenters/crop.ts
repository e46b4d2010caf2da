import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import type { Sentence } from '../text/token'
import { wordCount } from './words'

export const crop = defineAugmenter({
  name: 'crop',
  title: 'Crop',
  group: 'Sentences',
  says: 'Keeps a stretch of the text and drops what is before and after it.',
  source: 'random crop; with spans kept whole as in Şahin and Steedman (2018)',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    keep: z.number().min(0.05).max(1).default(0.7).describe('Share of the text that is kept.'),
    min_words: z.int().min(1).max(1000).default(4).describe('Shorter texts are left alone.'),
  }),
  prepare:
    ({ keep, min_words: least }) =>
    (sentence, { draw }) => {
      if (wordCount(sentence) <= least) return sentence
      const length = Math.max(1, Math.round(keep * sentence.length))
      const start = draw.below(sentence.length - length + 1)
      return keepsProtected(sentence, start, start + length)
    },
})

/** The stretch, widened so that no entity is cut and no protected word lost. */
function keepsProtected(sentence: Sentence, start: number, end: number): Sentence {
  const kept = sentence.flatMap(({ isProtected }, i) => (isProtected ? [i] : []))
  let from = Math.min(start, ...kept)
  let to = Math.max(end, ...kept.map((i) => i + 1))
  while (from > 0 && sentence[from]!.tag?.startsWith('I-')) from--
  while (to < sentence.length && sentence[to]!.tag?.startsWith('I-')) to++
  return sentence.slice(from, to)
}
