/** Which script a text is written in. */

const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Bengali',
  'Tamil',
  'Thai',
  'Hangul',
  'Georgian',
  'Armenian',
  'Ethiopic',
  'Khmer',
  'Myanmar',
].map((name) => ({ name, pattern: new RegExp(`\\p{Script=${name}}`, 'gu') }))
// Japanese mixes three scripts, two of which Chinese has not: they count as one.
const SCRIPT_PATTERNS = [
  ...SCRIPTS,
  { name: 'Han and Kana', pattern: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu },
]
const ASCII = /^[\x00-\x7f]*$/

/** The script most letters are of; null where there is none of a known one. */
export function scriptOf(text: string): string | null {
  if (ASCII.test(text)) return /[a-z]/i.test(text) ? 'Latin' : null
  let best: string | null = null
  let most = 0
  for (const { name, pattern } of SCRIPT_PATTERNS) {
    const count = text.match(pattern)?.length ?? 0
    if (count > most) [best, most] = [name, count]
  }
  return best
}
