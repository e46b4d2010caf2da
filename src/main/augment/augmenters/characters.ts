import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { alterWords, charactersOf, noiseParameters } from './words'

export const characters = defineAugmenter({
  name: 'characters',
  title: 'Character errors',
  group: 'Characters',
  says: 'Swaps two neighbouring characters of a word, drops one or doubles one; any script.',
  source: 'character noise as in Belinkov and Bisk (2018)',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    ...noiseParameters,
    operation: z
      .enum(['any', 'swap', 'drop', 'insert'])
      .default('any')
      .describe('What happens; any draws one for each word.'),
    keep_ends: z.boolean().default(true).describe('First and last character stay, as in most typing errors.'),
  }),
  prepare:
    ({ operation, keep_ends: keepsEnds, ...noise }) =>
    (sentence, { draw }) =>
      alterWords(sentence, noise, draw, (word) => {
        const letters = charactersOf(word)
        const first = keepsEnds ? 1 : 0
        const last = letters.length - (keepsEnds ? 2 : 1)
        if (last < first) return null
        const place = first + draw.below(last - first + 1)
        switch (operation === 'any' ? draw.pick(['swap', 'drop', 'insert'] as const) : operation) {
          case 'swap': {
            const places = letters.flatMap((letter, i) =>
              i >= first && i < last && letter !== letters[i + 1] ? [i] : [],
            )
            if (places.length === 0) return null
            const at = draw.pick(places)
            ;[letters[at], letters[at + 1]] = [letters[at + 1]!, letters[at]!]
            break
          }
          case 'drop':
            if (letters.length < 2) return null
            letters.splice(place, 1)
            break
          case 'insert':
            // One of the word's own, so that it stays in its script.
            letters.splice(place, 0, draw.pick(letters))
        }
        return letters.join('')
      }),
})
