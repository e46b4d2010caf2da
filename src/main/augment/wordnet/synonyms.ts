/** Synonyms from WordNet, in two ways: as EDA takes them, and by part of speech with the inflection kept. */
import { inflect, readingsOf, type Form } from '../english/inflect'
import { knownReadings, readingInPlace } from '../english/partOfSpeech'
import { PARTS_OF_SPEECH, type PartOfSpeech, type WordNet } from './database'

const CACHED_WORDS = 200_000

/** Words that are the same for as long as the recipe runs are looked up once. */
function cached<T>(find: (key: string) => T): (key: string) => T {
  const found = new Map<string, T>()
  return (key) => {
    let value = found.get(key)
    if (value === undefined) {
      if (found.size >= CACHED_WORDS) found.clear()
      found.set(key, (value = find(key)))
    }
    return value
  }
}

/** A word → its synonyms as the reference implementation of EDA finds them: any part of speech, letters a to z. */
export function edaSynonyms(wordnet: WordNet): (word: string) => readonly string[] {
  return cached((word) => {
    const synonyms = new Set<string>()
    for (const part of PARTS_OF_SPEECH)
      for (const lemma of new Set(readingsOf(word, part).map((reading) => reading.lemma)))
        for (const offset of wordnet.synsets(lemma, part))
          for (const name of wordnet.words(offset, part))
            synonyms.add(
              name
                .replaceAll('-', ' ')
                .toLowerCase()
                .replace(/[^a-z ]/g, ''),
            )
    synonyms.delete(word)
    return [...synonyms]
  })
}

/** Those that are one word. */
export function edaSynonymWords(wordnet: WordNet): (word: string) => readonly string[] {
  const synonyms = edaSynonyms(wordnet)
  return cached((word) => synonyms(word).filter((found) => !found.includes(' ')))
}

export interface Context {
  /** Neighbours in lower case, empty at the ends. */
  before: string
  after: string
  /** How many senses of the lemma are drawn from, the most frequent first. */
  senses: number
}

/** A word in its place → synonyms of the same part of speech in the same form. @param word in lower case */
export function inflectedSynonyms(wordnet: WordNet): (word: string, context: Context) => readonly string[] {
  const readings = cached((word) => knownReadings(wordnet, word))
  const synonyms = cached((key) => {
    const [lemma, part, form, senses] = key.split('|') as [string, PartOfSpeech, Form, string]
    const found = new Set<string>()
    for (const offset of wordnet.synsets(lemma, part).slice(0, Number(senses)))
      for (const name of wordnet.words(offset, part))
        if (isFitting(name, lemma, part)) found.add(inflect(name, part, form))
    return [...found]
  })
  return (word, { before, after, senses }) => {
    const known = readings(word)
    if (known.length === 0) return []
    const reading = readingInPlace(wordnet, known, before, after)
    return reading
      ? synonyms(`${reading.lemma}|${reading.part}|${reading.form}|${senses}`).filter(
          (found) => found !== word,
        )
      : []
  }
}

/** No names, and no phrases that stand behind their noun ("of import"). */
function isFitting(name: string, lemma: string, part: PartOfSpeech): boolean {
  return name !== lemma && name === name.toLowerCase() && !(part === 'adj' && name.includes(' '))
}
