/** English words that carry grammar rather than meaning: EDA leaves them where they are, part of speech is read off them. */

const list = (words: string) => new Set(words.split(/\s+/))

const DETERMINERS =
  'a an the this that these those my your his her its our their some any no each all both few other such own same more most'
const SUBJECTS = 'i you he she it we they who'
const AUXILIARIES = 'can will should do does did'

export const determiners: ReadonlySet<string> = list(DETERMINERS)
export const subjects: ReadonlySet<string> = list(SUBJECTS)
/** After these stands a verb's base. */
export const verbLeads: ReadonlySet<string> = list(`${AUXILIARIES} to would could may might must not`)
export const prepositions: ReadonlySet<string> = list(
  `of at by for with about against between into through during from in on off over under
   near across along among around behind beneath beside besides beyond despite except inside like outside past per
   since toward towards upon within without via`,
)
const BE_AND_HAVE = 'am is are was were be been being have has had having doing'
export const participleLeads: ReadonlySet<string> = list(BE_AND_HAVE)

/** The words EDA never replaces (its list holds the fragments s, t and don besides). */
export const stopWords: ReadonlySet<string> = list(
  `${DETERMINERS} ${SUBJECTS} ${AUXILIARIES} ${BE_AND_HAVE}
   me myself ours ourselves yours yourself yourselves him himself hers herself itself them theirs themselves
   what which whom and but if or because as until while before after above below up down out again further then once
   here there when where why how nor not only so than too very s t just don now
   of at by for with about against between into through during to from in on off over under`,
)

/** A word that carries grammar alone. @param word in lower case */
export function isGrammar(word: string): boolean {
  return stopWords.has(word) || prepositions.has(word)
}
