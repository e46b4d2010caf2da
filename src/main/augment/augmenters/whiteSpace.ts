import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { isFree, placesOf, type Sentence, type Token } from '../text/token'
import { charactersOf, countOf, p, wordCount } from './words'

export const whiteSpace = defineAugmenter({
  name: 'white_space',
  title: 'White space',
  group: 'Characters',
  says: 'Runs two words together, splits one, or doubles a space.',
  source: 'common robustness check',
  rows: ['text', 'pair'],
  parameters: z.strictObject({
    p: p('Errors, as a share of the words. At least one.'),
    operation: z
      .enum(['any', 'join', 'split', 'double'])
      .default('any')
      .describe('What happens; any draws one for each error.'),
  }),
  prepare:
    ({ p: share, operation }) =>
    (sentence, { draw }) => {
      const result: Token[] = [...sentence]
      for (let i = countOf(share, wordCount(sentence)); i > 0; i--) {
        const done = operation === 'any' ? draw.pick(['join', 'split', 'double'] as const) : operation
        if (done === 'split') splitWord(result, draw.below.bind(draw))
        else {
          const places = spaced(result, done === 'join')
          if (places.length === 0) continue
          const at = draw.pick(places)
          const token = result[at]!
          result[at] = { ...token, gap: done === 'join' ? '' : token.gap + ' ' }
        }
      }
      return result
    },
})

/** Places with white space before them; between two free words only, where they are to be joined. */
function spaced(sentence: Sentence, isBetweenWords: boolean): number[] {
  return placesOf(sentence, (token) => token.gap !== '').filter(
    (at) => at > 0 && (!isBetweenWords || (isFree(sentence[at]!) && isFree(sentence[at - 1]!))),
  )
}

function splitWord(tokens: Token[], below: (n: number) => number): void {
  const places = placesOf(tokens, (token) => isFree(token) && token.text.length >= 4)
  if (places.length === 0) return
  const at = places[below(places.length)]!
  const token = tokens[at]!
  const letters = charactersOf(token.text)
  if (letters.length < 2) return
  const cut = 1 + below(letters.length - 1)
  tokens.splice(
    at,
    1,
    { ...token, text: letters.slice(0, cut).join('') },
    { ...token, text: letters.slice(cut).join(''), gap: ' ' },
  )
}
