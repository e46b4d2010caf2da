import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { stopWords } from '../english/functionWords'
import type { Draw } from '../random'
import { insertWord, isFree, mayInsertAt, placesOf, type Sentence } from '../text/token'
import { edaSynonymWords } from '../wordnet/synonyms'
import { alpha, countOf, wordCount } from './words'

export const randomInsertion = defineAugmenter({
  name: 'random_insertion',
  title: 'Random insertion',
  group: 'Words',
  says: 'Puts synonyms of words of the text at random places.',
  source: 'EDA (Wei and Zou 2019) with WordNet 3.1; stop words lend no synonym, unlike in its code',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({ alpha: alpha('Insertions, as a share of the words.') }),
  async prepare({ alpha: share }, { wordnet }) {
    const synonyms = edaSynonymWords(await wordnet())
    return (sentence, { draw }) =>
      insertSynonyms(sentence, countOf(share, wordCount(sentence)), draw, synonyms)
  },
})

/** @param synonyms of a word, single words all */
export function insertSynonyms(
  sentence: Sentence,
  count: number,
  draw: Draw,
  synonyms: (word: string) => readonly string[],
): Sentence {
  const lenders = placesOf(sentence, (token) => isFree(token) && !stopWords.has(token.text.toLowerCase()))
    .map((place) => synonyms(sentence[place]!.text.toLowerCase()))
    .filter((found) => found.length > 0)
  if (lenders.length === 0) return sentence
  let result = sentence
  for (let i = 0; i < count; i++) {
    const places = Array.from({ length: result.length }, (_, at) => at).filter((at) =>
      mayInsertAt(result, at),
    )
    result = insertWord(result, draw.pick(places), draw.pick(draw.pick(lenders)))
  }
  return result
}
