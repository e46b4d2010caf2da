/**
 * Character classes by code point, equal to those of Hugging Face's tokenizers on every runtime
 * (Rust's, `unicode_categories`' and Oniguruma's Unicode versions differ from V8's and from each other).
 */
import * as tables from './unicodeTables'

const REMOVED = 1
const NONSPACING = 2
const COMBINING = 4
const PUNCTUATION = 8
const NUMERIC = 16
const WORD = 32
const NOT_DECOMPOSED = 64
const NOT_COMPATIBILITY_DECOMPOSED = 128

const classes = new Uint8Array(0x110000)
mark(tables.REMOVED_BY_CLEAN_TEXT, REMOVED)
mark(tables.NONSPACING_MARK, NONSPACING)
mark(tables.COMBINING_MARK, COMBINING)
mark(tables.PUNCTUATION, PUNCTUATION)
mark(tables.NUMERIC, NUMERIC)
mark(tables.WORD, WORD)
mark(tables.NOT_DECOMPOSED, NOT_DECOMPOSED)
mark(tables.NOT_COMPATIBILITY_DECOMPOSED, NOT_COMPATIBILITY_DECOMPOSED)

function mark(packed: string, bit: number): void {
  const numbers = packed.split(' ').map((n) => parseInt(n, 36))
  let at = 0
  for (let i = 0; i < numbers.length; i += 2) {
    at += numbers[i]!
    for (const end = at + numbers[i + 1]!; at < end; at++) classes[at]! |= bit
  }
}

/** NUL, U+FFFD and control, format or private-use characters: what BertNormalizer's clean_text drops. */
export function isRemovedByCleanText(c: number): boolean {
  return (classes[c]! & REMOVED) !== 0
}

/** Mn as BertNormalizer's strip_accents knows it. */
export function isNonspacingMark(c: number): boolean {
  return (classes[c]! & NONSPACING) !== 0
}

/** M as the StripAccents normalizer knows it. */
export function isCombiningMark(c: number): boolean {
  return (classes[c]! & COMBINING) !== 0
}

/** ASCII punctuation (which includes symbols such as `+`) or category P. */
export function isPunctuation(c: number): boolean {
  return (classes[c]! & PUNCTUATION) !== 0
}

export function isNumeric(c: number): boolean {
  return (classes[c]! & NUMERIC) !== 0
}

/** `\w` of Rust's regex crate. */
export function isWordCharacter(c: number): boolean {
  return (classes[c]! & WORD) !== 0
}

/** Unicode White_Space. */
export function isWhitespace(c: number): boolean {
  if (c < 0x80) return c === 32 || (c >= 9 && c <= 13)
  if (c < 0x1680) return c === 0x85 || c === 0xa0
  return (
    c === 0x1680 ||
    (c >= 0x2000 && c <= 0x200a) ||
    c === 0x2028 ||
    c === 0x2029 ||
    c === 0x202f ||
    c === 0x205f ||
    c === 0x3000
  )
}

/** The CJK ideograph blocks that BertNormalizer pads with spaces. */
export function isChineseCharacter(c: number): boolean {
  return (
    (c >= 0x4e00 && c <= 0x9fff) ||
    (c >= 0x3400 && c <= 0x4dbf) ||
    (c >= 0x20000 && c <= 0x2a6df) ||
    (c >= 0x2a700 && c <= 0x2b81f) ||
    (c >= 0x2b920 && c <= 0x2ceaf) ||
    (c >= 0xf900 && c <= 0xfaff) ||
    (c >= 0x2f800 && c <= 0x2fa1f)
  )
}

export type NormalizationForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD'

/** String.prototype.normalize, leaving alone the code points that the reference's Unicode data does not know. */
export function normalizeForm(text: string, form: NormalizationForm): string {
  if (isAscii(text)) return text
  const bit = form === 'NFD' ? NOT_DECOMPOSED : NOT_COMPATIBILITY_DECOMPOSED
  if (form === 'NFC') return text.normalize(form)
  let out = ''
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.codePointAt(i)!
    const length = c > 0xffff ? 2 : 1
    if (classes[c]! & bit) {
      out += text.slice(from, i).normalize(form) + text.slice(i, i + length)
      from = i + length
    }
    i += length - 1
  }
  return from === 0 ? text.normalize(form) : out + text.slice(from).normalize(form)
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false
  return true
}

/** Unpaired surrogates, which no UTF-8 text can hold, become U+FFFD. */
export function toWellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text
}
