import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { capitalize } from '../text/letterCase'
import { alterWords, charactersOf, minCharacters, noiseParameters } from './words'

export const letterCase = defineAugmenter({
  name: 'letter_case',
  title: 'Letter case',
  group: 'Characters',
  says: 'Writes words in lower case, in capitals, with one capital, or mixed.',
  source: 'common robustness check (CheckList, Ribeiro et al. 2020)',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    ...noiseParameters,
    min_characters: minCharacters(1),
    to: z
      .enum(['any', 'lower', 'upper', 'title', 'mixed'])
      .default('any')
      .describe('How words are written; any draws one for each.'),
  }),
  prepare:
    ({ to, ...noise }) =>
    (sentence, { draw }) =>
      alterWords(sentence, noise, draw, (word) => {
        switch (to === 'any' ? draw.pick(['lower', 'upper', 'title', 'mixed'] as const) : to) {
          case 'lower':
            return word.toLowerCase()
          case 'upper':
            return word.toUpperCase()
          case 'title':
            return capitalize(word.toLowerCase())
          case 'mixed':
            return charactersOf(word)
              .map((letter) => (draw.chance(0.5) ? letter.toUpperCase() : letter.toLowerCase()))
              .join('')
        }
      }),
})
