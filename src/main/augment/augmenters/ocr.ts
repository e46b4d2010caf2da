import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { alterWords, minCharacters, noiseParameters } from './words'

/** Shapes that scanners take for each other, either way. */
const CONFUSED: readonly (readonly [string, string])[] = [
  ['0', 'O'],
  ['0', 'o'],
  ['1', 'l'],
  ['1', 'I'],
  ['l', 'I'],
  ['5', 'S'],
  ['8', 'B'],
  ['2', 'Z'],
  ['6', 'G'],
  ['9', 'g'],
  ['rn', 'm'],
  ['vv', 'w'],
  ['cl', 'd'],
  ['ii', 'u'],
  ['h', 'b'],
  ['c', 'e'],
  ['f', 't'],
  ['n', 'ri'],
]
const pairs = CONFUSED.flatMap(([a, b]) => [[a, b] as const, [b, a] as const])

export const ocr = defineAugmenter({
  name: 'ocr',
  title: 'Scanning errors',
  group: 'Characters',
  says: 'Takes letters for others of the same shape, as text recognition does: rn for m, 0 for O.',
  source: 'confusions of text recognition',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    ...noiseParameters,
    min_characters: minCharacters(2),
  }),
  prepare:
    (parameters) =>
    (sentence, { draw }) =>
      alterWords(sentence, parameters, draw, (word) => {
        const found = pairs.filter(([shape]) => word.includes(shape))
        if (found.length === 0) return null
        const [shape, other] = draw.pick(found)
        const places: number[] = []
        for (let at = word.indexOf(shape); at >= 0; at = word.indexOf(shape, at + 1)) places.push(at)
        const place = draw.pick(places)
        return word.slice(0, place) + other + word.slice(place + shape.length)
      }),
})
