/** English inflection both ways: the lemmas and forms a word may be of, and the same form of another lemma. */
import type { PartOfSpeech } from '../wordnet/database'
import { IRREGULAR } from './irregular'

export type Form =
  'base' | 'plural' | 'third' | 'past' | 'participle' | 'gerund' | 'comparative' | 'superlative'

export interface Reading {
  lemma: string
  part: PartOfSpeech
  form: Form
}

/** Endings taken off, and what is put in their place: WordNet's own rules, morphy(7WN). */
const ENDINGS: Readonly<
  Record<PartOfSpeech, readonly (readonly [ending: string, put: string, form: Form])[]>
> = {
  noun: [
    ['s', '', 'plural'],
    ['ses', 's', 'plural'],
    ['ves', 'f', 'plural'],
    ['xes', 'x', 'plural'],
    ['zes', 'z', 'plural'],
    ['ches', 'ch', 'plural'],
    ['shes', 'sh', 'plural'],
    ['men', 'man', 'plural'],
    ['ies', 'y', 'plural'],
  ],
  verb: [
    ['s', '', 'third'],
    ['ies', 'y', 'third'],
    ['es', 'e', 'third'],
    ['es', '', 'third'],
    ['ied', 'y', 'past'],
    ['ed', 'e', 'past'],
    ['ed', '', 'past'],
    ['ing', 'e', 'gerund'],
    ['ing', '', 'gerund'],
  ],
  adj: [
    ['er', '', 'comparative'],
    ['est', '', 'superlative'],
    ['er', 'e', 'comparative'],
    ['est', 'e', 'superlative'],
    ['ier', 'y', 'comparative'],
    ['iest', 'y', 'superlative'],
  ],
  adv: [],
}

const IRREGULAR_FORMS: Readonly<Partial<Record<PartOfSpeech, readonly Form[]>>> = {
  noun: ['plural'],
  verb: ['past', 'participle'],
  adj: ['comparative', 'superlative'],
}

/** Irregular form → what it may be. */
const irregularReadings = new Map<string, Reading[]>()
for (const [part, table] of Object.entries(IRREGULAR) as [
  keyof typeof IRREGULAR,
  (typeof IRREGULAR)['noun'],
][])
  for (const [lemma, forms] of table)
    forms.forEach((form, i) => {
      const reading: Reading = { lemma, part, form: IRREGULAR_FORMS[part]![i]! }
      irregularReadings.set(form, [...(irregularReadings.get(form) ?? []), reading])
    })

/** What a word may be, whether or not there is such a lemma; the word itself first. @param word in lower case */
export function readingsOf(word: string, part: PartOfSpeech): Reading[] {
  const readings: Reading[] = [{ lemma: word, part, form: 'base' }]
  readings.push(...(irregularReadings.get(word) ?? []).filter((reading) => reading.part === part))
  for (const [ending, put, form] of ENDINGS[part]) {
    if (!word.endsWith(ending) || word.length <= ending.length + 1) continue
    const stem = word.slice(0, word.length - ending.length)
    readings.push({ lemma: stem + put, part, form })
    const isDoubled = put === '' && form !== 'third' && form !== 'plural' && /([^aeiouslz])\1$/.test(stem)
    if (isDoubled) readings.push({ lemma: stem.slice(0, -1), part, form })
  }
  return readings
}

/** A lemma in a form; of a phrase its head: the first word of a verb, the last of a noun. */
export function inflect(lemma: string, part: PartOfSpeech, form: Form): string {
  if (form === 'base') return lemma
  const words = lemma.split(' ')
  const head = part === 'verb' ? 0 : words.length - 1
  words[head] = inflectWord(words[head]!, part, form)
  return words.join(' ')
}

function inflectWord(word: string, part: PartOfSpeech, form: Form): string {
  if (part === 'noun' || part === 'verb' || part === 'adj') {
    const irregular = IRREGULAR[part].get(word)
    const place = IRREGULAR_FORMS[part]!.indexOf(form)
    if (irregular && place >= 0) return irregular[place] ?? irregular[0]!
  }
  switch (form) {
    case 'base':
      return word
    case 'plural':
    case 'third':
      if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
      return /(?:s|x|z|ch|sh|go|do|ero|ato|cho|eto)$/.test(word) ? `${word}es` : `${word}s`
    case 'gerund':
      if (word.endsWith('ie')) return `${word.slice(0, -2)}ying`
      if (/[^eoy]e$/.test(word)) return `${word.slice(0, -1)}ing`
      return `${doubled(word)}ing`
    case 'past':
    case 'participle':
      return withVowelEnding(word, 'ed')
    case 'comparative':
      return withVowelEnding(word, 'er')
    case 'superlative':
      return withVowelEnding(word, 'est')
  }
}

/** An ending that begins with e. */
function withVowelEnding(word: string, ending: string): string {
  if (word.endsWith('e')) return word + ending.slice(1)
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}i${ending}`
  return doubled(word) + ending
}

/** One syllable that ends in consonant, vowel, consonant doubles the last: stop → stopp. */
function doubled(word: string): string {
  return /^[^aeiou]*[aeiouy][^aeiouwxy]$/.test(word) ? word + word.at(-1)! : word
}
