/** Part of speech of a word in its sentence: what its form and neighbours allow, else what it mostly is. */
import { PARTS_OF_SPEECH, type PartOfSpeech, type WordNet } from '../wordnet/database'
import { determiners, participleLeads, prepositions, subjects, verbLeads } from './functionWords'
import { readingsOf, type Reading } from './inflect'

/** Readings whose lemma WordNet has. @param word in lower case */
export function knownReadings(wordnet: WordNet, word: string): Reading[] {
  return PARTS_OF_SPEECH.flatMap((part) =>
    readingsOf(word, part).filter(({ lemma }) => wordnet.synsets(lemma, part).length > 0),
  )
}

/**
 * @param readings what the word may be, at least one
 * @param before the word before, in lower case; empty at the start
 * @param after the word after
 * @returns the likeliest reading; null where the word might be several things and nothing tells which
 */
export function readingInPlace(
  wordnet: WordNet,
  readings: readonly Reading[],
  before: string,
  after: string,
): Reading | null {
  const parts = new Set(readings.map(({ part }) => part))
  const of = (part: PartOfSpeech) => readings.find((reading) => reading.part === part) ?? null
  if (parts.size === 1) return inForm(readings, before)
  const canBe = (part: PartOfSpeech) => parts.has(part)
  if (verbLeads.has(before) && canBe('verb')) return inForm(readings.filter(isVerb), before)
  if (subjects.has(before) && canBe('verb')) return inForm(readings.filter(isVerb), before)
  if (determiners.has(before)) {
    const isLast = after === '' || prepositions.has(after) || participleLeads.has(after)
    if (isLast && canBe('noun')) return of('noun')
    if (!isLast && canBe('adj') && !canBe('noun')) return of('adj')
    if (canBe('noun')) return canBe('adj') ? null : of('noun')
  }
  if (prepositions.has(before) && canBe('noun') && !canBe('adj')) return of('noun')
  if (determiners.has(after) && canBe('verb')) return inForm(readings.filter(isVerb), before)
  // Otherwise what it is at least four times in five.
  const counts = new Map<PartOfSpeech, number>()
  for (const part of parts) counts.set(part, wordnet.frequencies(of(part)!.lemma)[part])
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const best = [...counts].find(([, count]) => total > 0 && count / total >= 0.8)
  return best
    ? inForm(
        readings.filter(({ part }) => part === best[0]),
        before,
      )
    : null
}

function isVerb({ part }: Reading): boolean {
  return part === 'verb'
}

/** A past that may be a participle is one after be and have. */
function inForm(readings: readonly Reading[], before: string): Reading | null {
  const past = readings.find(({ form }) => form === 'past')
  if (past && participleLeads.has(before)) return { ...past, form: 'participle' }
  return readings[0] ?? null
}
