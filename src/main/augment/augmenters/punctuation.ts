import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { insertWord, isTagged, mayInsertAt, placesOf, type Sentence } from '../text/token'
import { countOf, p, wordCount } from './words'

const MARKS = [',', '.', ';', ':', '!', '?']

export const punctuation = defineAugmenter({
  name: 'punctuation',
  title: 'Punctuation',
  group: 'Characters',
  says: 'Puts punctuation marks between words (AEDA), drops marks, or doubles them.',
  source: 'AEDA (Karimi et al. 2021) for the insertion',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    operation: z.enum(['insert', 'drop', 'double']).default('insert').describe('What happens to marks.'),
    p: p(
      'Marks inserted as a share of the words (at least one), or the share of marks dropped or doubled.',
      0.2,
    ),
  }),
  prepare:
    ({ operation, p: share }) =>
    (sentence, { draw }) => {
      if (operation === 'insert') {
        let result = sentence
        for (let i = countOf(share, wordCount(sentence)); i > 0; i--) {
          const places = Array.from({ length: result.length }, (_, at) => at)
          const allowed = places.filter(
            (at) => at > 0 && result[at]!.isWord && result[at - 1]!.isWord && mayInsertAt(result, at),
          )
          if (allowed.length === 0) break
          const at = draw.pick(allowed)
          const mark = insertWord(result, at, draw.pick(MARKS))
          result = isTagged(sentence) ? mark : withoutGap(mark, at)
        }
        return result
      }
      const isMark = placesOf(
        sentence,
        ({ isWord, isProtected, tag }) => !isWord && !isProtected && (tag === null || tag === 'O'),
      )
      const places = new Set(draw.sample(isMark, Math.min(isMark.length, countOf(share, isMark.length))))
      return operation === 'drop'
        ? sentence.filter((_, i) => !places.has(i))
        : sentence.map((token, i) => (places.has(i) ? { ...token, text: token.text + token.text } : token))
    },
})

/** A mark stands close to the word before it. */
function withoutGap(sentence: Sentence, at: number): Sentence {
  return sentence.map((token, i) =>
    i === at
      ? { ...token, gap: '', isWord: false }
      : i === at + 1 && token.gap === ''
        ? { ...token, gap: ' ' }
        : token,
  )
}
