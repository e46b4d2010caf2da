import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { inCaseOf } from '../text/letterCase'
import { alterWords, charactersOf, noiseParameters } from './words'

/** Rows of keys, each half a key to the right of the one above. */
const LAYOUTS = {
  qwerty: ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
  qwertz: ['qwertzuiopü', 'asdfghjklöä', 'yxcvbnm'],
  azerty: ['azertyuiop', 'qsdfghjklm', 'wxcvbn'],
  йцукен: ['йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю'],
} as const
type Layout = keyof typeof LAYOUTS

export const keyboard = defineAugmenter({
  name: 'keyboard',
  title: 'Keyboard errors',
  group: 'Characters',
  says: 'Hits the key beside the right one.',
  source: 'typing noise as in Belinkov and Bisk (2018)',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    ...noiseParameters,
    layout: z.enum(['qwerty', 'qwertz', 'azerty', 'йцукен']).default('qwerty').describe('Keyboard.'),
  }),
  prepare(parameters) {
    const near = neighbours(parameters.layout)
    return (sentence, { draw }) =>
      alterWords(sentence, parameters, draw, (word) => {
        const letters = charactersOf(word)
        const places = letters.flatMap((letter, i) => (near.has(letter.toLowerCase()) ? [i] : []))
        if (places.length === 0) return null
        const place = draw.pick(places)
        const letter = letters[place]!
        letters[place] = inCaseOf(letter, draw.pick(near.get(letter.toLowerCase())!))
        return letters.join('')
      })
  },
})

function neighbours(layout: Layout): ReadonlyMap<string, readonly string[]> {
  const rows: readonly string[] = LAYOUTS[layout]
  const keys = rows.flatMap((row, y) => row.split('').map((letter, i) => ({ letter, y, x: i + y / 2 })))
  return new Map(
    keys.map(({ letter, x, y }) => {
      const near = keys.filter((key) => Math.abs(key.y - y) <= 1 && Math.abs(key.x - x) <= 1)
      return [letter, near.map((key) => key.letter).filter((other) => other !== letter)]
    }),
  )
}
