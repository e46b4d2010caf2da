import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { askingAugmenter, type Asking } from '../masked/ask'
import { askedFor, drawWord, gapFor, maskedParameters, openMasked } from '../masked/words'
import type { Draw } from '../random'
import { insertWord, mayInsertAt, type Sentence } from '../text/token'
import { alpha, countOf, wordCount } from './words'

export const maskedInsertion = defineAugmenter({
  name: 'masked_insertion',
  title: 'Masked insertion',
  group: 'Models',
  says: 'Puts words in at random places that a masked language model finds likely there.',
  source: 'contextual insertion as in nlpaug (Ma 2019)',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    ...maskedParameters,
    alpha: alpha('Insertions, as a share of the words.'),
  }),
  async prepare(settings, resources) {
    const model = await openMasked(settings, resources)
    return askingAugmenter(model, askedFor(settings), (sentence, { draw }) =>
      insertWords(sentence, countOf(settings.alpha, wordCount(sentence)), settings, draw),
    )
  },
})

function* insertWords(
  sentence: Sentence,
  count: number,
  settings: { top_k: number; temperature: number },
  draw: Draw,
): Asking<Sentence> {
  let result = sentence
  for (let i = 0; i < count; i++) {
    // Before a word: after the last mark of a text nothing is expected.
    const places = result.flatMap((token, at) => (token.isWord && mayInsertAt(result, at) ? [at] : []))
    if (places.length === 0) return result
    const place = draw.pick(places)
    const candidates = yield gapFor(result, place, place, 1)
    const neighbours = [result[place - 1], result[place]].map((token) => token?.text.toLowerCase())
    const word = drawWord(candidates, settings, (one) => neighbours.includes(one), draw)
    if (word !== null) result = insertWord(result, place, word)
  }
  return result
}
