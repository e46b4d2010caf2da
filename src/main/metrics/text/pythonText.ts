/**
 * Python's idea of white space. `str.split()` and `str.rstrip()` also count U+001C–U+001F and U+0085 as space, and
 * unlike JavaScript's `\s` not U+FEFF; token counts of the reference packages depend on it.
 */

const SPACES = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const WORD = new RegExp(`[^${SPACES}]+`, 'g')
const SPACE = new RegExp(`[${SPACES}]`)
const SPACE_RUNS = new RegExp(`[${SPACES}]+`, 'g')

/** `text.split()` */
export function splitWords(text: string): string[] {
  return text.match(WORD) ?? []
}

/** `''.join(text.split())` */
export function removeSpaces(text: string): string {
  return text.replace(SPACE_RUNS, '')
}

/** `text.rstrip()` */
export function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && SPACE.test(text[end - 1]!)) end--
  return text.slice(0, end)
}

/** `text.lstrip()` */
export function trimStart(text: string): string {
  let start = 0
  while (start < text.length && SPACE.test(text[start]!)) start++
  return text.slice(start)
}
