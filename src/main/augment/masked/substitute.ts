/** Words put in the place of others, one after the other, each asked with those before it already in. */
import { withArticles } from '../english/articles'
import { isGrammar } from '../english/functionWords'
import type { Draw } from '../random'
import { inCaseOf } from '../text/letterCase'
import { replaceAt, type Sentence } from '../text/token'
import type { Asking } from './ask'
import { contentPlaces, drawWord, gapFor } from './words'

export interface SubstituteSettings {
  count: number
  top_k: number
  temperature: number
}

export function* substituteWords(
  sentence: Sentence,
  settings: SubstituteSettings,
  draw: Draw,
): Asking<Sentence> {
  const texts = new Map<number, string>()
  let result = sentence
  for (const place of contentPlaces(sentence, draw).slice(0, settings.count)) {
    const { text } = sentence[place]!
    const candidates = yield gapFor(result, place, place + 1, 1)
    // A model likes to say again what stands beside the gap.
    const near = [text, result[place - 1]?.text, result[place + 1]?.text].map((one) => one?.toLowerCase())
    const isRefused = (word: string) => near.includes(word) || isGrammar(word)
    const word = drawWord(candidates, settings, isRefused, draw)
    if (word === null) continue
    texts.set(place, inCaseOf(text, word))
    result = replaceAt(sentence, texts)
  }
  return withArticles(result, texts)
}
