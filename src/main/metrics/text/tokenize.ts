/**
 * The tokenizers of sacreBLEU 2.6 that need no model: 13a (mteval-v13a), intl (mteval-v14 --international-tokenization),
 * zh, char and none. Each takes a line already stripped at the end. `intl` knows the characters of the runtime's Unicode
 * version, the reference those of the Python `regex` module.
 */
import { splitWords, trimStart } from './pythonText'

export const BLEU_TOKENIZERS = ['13a', 'intl', 'zh', 'char', 'none'] as const
export type BleuTokenizer = (typeof BLEU_TOKENIZERS)[number]

const TOKENIZERS: Record<BleuTokenizer, (line: string) => string[]> = {
  '13a': tokenize13a,
  intl: tokenizeIntl,
  zh: tokenizeZh,
  char: (line) => splitWords(Array.from(line).join(' ')),
  none: splitWords,
}

/** The tokens sacreBLEU counts: its tokenizer's output, split at white space. */
export function tokenizeForBleu(line: string, tokenizer: BleuTokenizer): string[] {
  return TOKENIZERS[tokenizer](line)
}

/** XML entities back to characters, in mteval's order: `&amp;lt;` ends as `<`. */
export function unescapeEntities(line: string): string {
  if (!line.includes('&')) return line
  return line
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
}

/** mteval's language-dependent rules, first half: spaces around ASCII symbols other than . , - and the apostrophe. */
export function separateSymbols(line: string): string {
  return line.replace(/[{-~[-` -&(-+:-@/]/g, ' $& ')
}

/** Second half: `.` and `,` stand alone unless between digits, `-` after a digit. */
export function separateNumberMarks(line: string): string {
  return line
    .replace(/([^0-9])([.,])/g, '$1 $2 ')
    .replace(/([.,])([^0-9])/g, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ')
}

function separatePunctuation(line: string): string {
  return separateNumberMarks(separateSymbols(line))
}

function tokenize13a(line: string): string[] {
  const joined = line.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ')
  return splitWords(separatePunctuation(` ${unescapeEntities(joined)} `))
}

function tokenizeIntl(line: string): string[] {
  return splitWords(
    line
      .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
      .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
      .replace(/\p{S}/gu, ' $& '),
  )
}

/**
 * The reference writes planes above the first with four hexadecimal digits, which reads U+20000–U+2A6D6 as
 * U+2001–U+2A6D and U+2F800–U+2FA1D as U+2F81–U+2FA1. Kept: a score must agree with its signature.
 */
const CHINESE =
  /[\u3400-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\u2001-\u2a6d\u2f81-\u2fa1\uff00-\uffef\u2e80-\u2eff\u3000-\u303f\u31c0-\u31ef\u2f00-\u2fdf\u2ff0-\u2fff\u3100-\u312f\u31a0-\u31bf\ufe10-\ufe1f\ufe30-\ufe4f\u2600-\u27bf\u3200-\u33ff]/g

function tokenizeZh(line: string): string[] {
  return splitWords(separatePunctuation(trimStart(line).replace(CHINESE, ' $& ')))
}
