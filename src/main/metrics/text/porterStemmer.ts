/**
 * Porter's stemmer (Porter 1980) with NLTK's extensions, its default mode: `PorterStemmer().stem` of NLTK 3.10, which
 * rouge_score uses. Takes lower-case words; a character that is not a, e, i, o, u or y counts as a consonant.
 */

interface Rule {
  suffix: string
  replacement: string
  /** Looks at what is left before the suffix; without it the rule always holds. */
  condition?: (stem: string) => boolean
}

const IRREGULAR = new Map([
  ['sky', 'sky'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['news', 'news'],
  ['innings', 'inning'],
  ['inning', 'inning'],
  ['outings', 'outing'],
  ['outing', 'outing'],
  ['cannings', 'canning'],
  ['canning', 'canning'],
  ['howe', 'howe'],
  ['proceed', 'proceed'],
  ['exceed', 'exceed'],
  ['succeed', 'succeed'],
])

export function porterStem(word: string): string {
  const irregular = IRREGULAR.get(word)
  if (irregular !== undefined) return irregular
  if (word.length <= 2) return word
  return [step1a, step1b, step1c, step2, step3, step4, step5a, step5b].reduce(
    (stem, step) => step(stem),
    word,
  )
}

/** One flag a character: a `y` is a consonant unless one stands before it. */
function consonants(word: string): boolean[] {
  const flags: boolean[] = []
  for (let i = 0; i < word.length; i++)
    flags.push(word[i] === 'y' ? !(flags[i - 1] ?? false) : !'aeiou'.includes(word[i]!))
  return flags
}

/** Porter's m: how often a vowel is followed by a consonant. */
function measure(stem: string): number {
  const flags = consonants(stem)
  return flags.filter((consonant, i) => consonant && flags[i - 1] === false).length
}

function isLong(stem: string): boolean {
  return measure(stem) > 0
}

function isVeryLong(stem: string): boolean {
  return measure(stem) > 1
}

function hasVowel(stem: string): boolean {
  return consonants(stem).includes(false)
}

/** Porter's *d. */
function endsInDoubleConsonant(word: string): boolean {
  return word.length >= 2 && word.at(-1) === word.at(-2) && consonants(word).at(-1)!
}

/** Porter's *o: consonant, vowel, consonant other than w, x, y; NLTK adds words of a vowel and a consonant. */
function endsInCvc(word: string): boolean {
  const flags = consonants(word)
  if (word.length === 2) return !flags[0]! && flags[1]!
  const [first, second, third] = flags.slice(-3)
  return word.length >= 3 && first! && !second! && third! && !'wxy'.includes(word.at(-1)!)
}

/** Only the first rule whose suffix fits is tried. */
function applyFirst(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(({ suffix }) => word.endsWith(suffix))
  if (!rule) return word
  const stem = word.slice(0, word.length - rule.suffix.length)
  return !rule.condition || rule.condition(stem) ? stem + rule.replacement : word
}

function step1a(word: string): string {
  if (word.length === 4 && word.endsWith('ies')) return word.slice(0, -1)
  return applyFirst(word, STEP_1A)
}

const STEP_1A: readonly Rule[] = [
  { suffix: 'sses', replacement: 'ss' },
  { suffix: 'ies', replacement: 'i' },
  { suffix: 'ss', replacement: 'ss' },
  { suffix: 's', replacement: '' },
]

function step1b(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2)
  if (word.endsWith('eed')) return isLong(word.slice(0, -3)) ? word.slice(0, -1) : word
  const suffix = ['ed', 'ing'].find((s) => word.endsWith(s) && hasVowel(word.slice(0, -s.length)))
  if (!suffix) return word
  const stem = word.slice(0, -suffix.length)
  if (['at', 'bl', 'iz'].some((s) => stem.endsWith(s))) return `${stem}e`
  if (endsInDoubleConsonant(stem)) return 'lsz'.includes(stem.at(-1)!) ? stem : stem.slice(0, -1)
  return measure(stem) === 1 && endsInCvc(stem) ? `${stem}e` : stem
}

/** NLTK: only after a consonant that is not the whole stem (happi, enjoy, spi). */
function step1c(word: string): string {
  const stem = word.slice(0, -1)
  return word.endsWith('y') && stem.length > 1 && consonants(stem).at(-1)! ? `${stem}i` : word
}

function step2(word: string): string {
  if (word.endsWith('alli') && isLong(word.slice(0, -4))) return step2(word.slice(0, -2))
  return applyFirst(word, STEP_2)
}

const STEP_2: readonly Rule[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['fulli', 'ful'],
]
  .map(([suffix, replacement]): Rule => ({ suffix: suffix!, replacement: replacement!, condition: isLong }))
  // The l counts as part of the stem, so that geo- and theo- are long enough.
  .concat({ suffix: 'logi', replacement: 'log', condition: (stem) => isLong(`${stem}l`) })

function step3(word: string): string {
  return applyFirst(word, STEP_3)
}

const STEP_3: readonly Rule[] = [
  { suffix: 'icate', replacement: 'ic', condition: isLong },
  { suffix: 'ative', replacement: '', condition: isLong },
  { suffix: 'alize', replacement: 'al', condition: isLong },
  { suffix: 'iciti', replacement: 'ic', condition: isLong },
  { suffix: 'ical', replacement: 'ic', condition: isLong },
  { suffix: 'ful', replacement: '', condition: isLong },
  { suffix: 'ness', replacement: '', condition: isLong },
]

function step4(word: string): string {
  return applyFirst(word, STEP_4)
}

const STEP_4: readonly Rule[] = [
  ...['al', 'ance', 'ence', 'er', 'ic', 'able', 'ible', 'ant', 'ement', 'ment', 'ent'],
  'ion',
  ...['ou', 'ism', 'ate', 'iti', 'ous', 'ive', 'ize'],
].map((suffix) => ({
  suffix,
  replacement: '',
  condition:
    suffix === 'ion' ? (stem: string) => isVeryLong(stem) && 'st'.includes(stem.at(-1)!) : isVeryLong,
}))

function step5a(word: string): string {
  if (!word.endsWith('e')) return word
  const stem = word.slice(0, -1)
  const m = measure(stem)
  return m > 1 || (m === 1 && !endsInCvc(stem)) ? stem : word
}

function step5b(word: string): string {
  return word.endsWith('ll') && isVeryLong(word.slice(0, -1)) ? word.slice(0, -1) : word
}
