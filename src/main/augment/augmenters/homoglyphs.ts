import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { alterWords, charactersOf, noiseParameters } from './words'

/** Letters that look alike in two scripts (Unicode TR 39, confusables, the common ones). */
const LATIN = 'aceopxyijsABCEHIKMOPTXY'
const CYRILLIC = 'асеорхуіјѕАВСЕНІКМОРТХУ'
const twins = new Map<string, string>()
LATIN.split('').forEach((letter, i) => {
  const other = CYRILLIC[i]!
  twins.set(letter, other).set(other, letter)
})

export const homoglyphs = defineAugmenter({
  name: 'homoglyphs',
  title: 'Homoglyphs',
  group: 'Characters',
  says: 'Puts letters of another script that look the same, as spam does: Cyrillic а for a.',
  source: 'Unicode Technical Report 39; attacks as in VIPER (Eger et al. 2019)',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    ...noiseParameters,
    letters: z
      .number()
      .min(0)
      .max(1)
      .default(0.3)
      .describe('Share of the letters with a twin that are exchanged. At least one.'),
  }),
  prepare:
    ({ letters: share, ...noise }) =>
    (sentence, { draw }) =>
      alterWords(sentence, noise, draw, (word) => {
        const letters = charactersOf(word)
        const places = letters.flatMap((letter, i) => (twins.has(letter) ? [i] : []))
        for (const place of draw.sample(places, Math.max(1, Math.round(share * places.length))))
          letters[place] = twins.get(letters[place]!)!
        return letters.join('')
      }),
})
