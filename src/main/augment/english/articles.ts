/** The English indefinite article, which goes by the sound of the next word. */
import { inCaseOf } from '../text/letterCase'
import { replaceAt, type Sentence } from '../text/token'

/** "a" before a vowel becomes "an" and the other way round, where a word was replaced and the letters differ. */
export function withArticles(sentence: Sentence, replaced: ReadonlyMap<number, string>): Sentence {
  const articles = new Map<number, string>()
  for (const [place, text] of replaced) {
    const article = sentence[place - 1]
    if (!article || article.isProtected || !/^an?$/i.test(article.text)) continue
    const fitting = /^[aeiou]/i.test(text) ? 'an' : 'a'
    if (article.text.toLowerCase() !== fitting) articles.set(place - 1, inCaseOf(article.text, fitting))
  }
  return replaceAt(sentence, articles)
}
