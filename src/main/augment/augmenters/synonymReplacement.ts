import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { withArticles } from '../english/articles'
import { isGrammar } from '../english/functionWords'
import type { Draw } from '../random'
import { inCaseOf } from '../text/letterCase'
import { isFree, isTagged, placesOf, replaceAt, type Sentence } from '../text/token'
import type { WordNet } from '../wordnet/database'
import { inflectedSynonyms } from '../wordnet/synonyms'
import { alpha, countOf, wordCount } from './words'

export const synonymReplacement = defineAugmenter({
  name: 'synonym_replacement',
  title: 'Synonym replacement',
  group: 'Words',
  says: 'Puts English synonyms of the same part of speech in the same form: walks becomes strolls.',
  source: 'WordNet 3.1 (Princeton), counted as in EDA (Wei and Zou 2019)',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    alpha: alpha('Words replaced, as a share of the words.'),
    senses: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .describe('Senses of a word that synonyms are taken from, the most frequent first.'),
  }),
  async prepare({ alpha: share, senses }, { wordnet }) {
    const replacer = synonymReplacer(await wordnet(), senses)
    return (sentence, { draw }) => replacer(sentence, countOf(share, wordCount(sentence)), draw)
  },
})

/** Replaces `count` words that have a synonym; case, a/an and the tags of the place are kept. */
export function synonymReplacer(
  wordnet: WordNet,
  senses: number,
): (sentence: Sentence, count: number, draw: Draw) => Sentence {
  const synonymsOf = inflectedSynonyms(wordnet)
  return (sentence, count, draw) => {
    const lower = sentence.map((token) => token.text.toLowerCase())
    const places = placesOf(sentence, (token) => isFree(token) && (token.tag === null || token.tag === 'O'))
    const texts = new Map<number, string>()
    for (const place of draw.shuffled(places.filter((at) => !isGrammar(lower[at]!)))) {
      if (texts.size >= count) break
      const context = { before: lower[place - 1] ?? '', after: lower[place + 1] ?? '', senses }
      const found = synonymsOf(lower[place]!, context)
      // A tag belongs to one token: a phrase has no place there.
      const fitting = isTagged(sentence) ? found.filter((text) => !text.includes(' ')) : found
      if (fitting.length > 0) texts.set(place, inCaseOf(sentence[place]!.text, draw.pick(fitting)))
    }
    return withArticles(replaceAt(sentence, texts), texts)
  }
}
