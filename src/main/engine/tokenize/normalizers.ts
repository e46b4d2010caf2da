/** Normalizers of tokenizer.json: text in, text out. Behaviour: huggingface/tokenizers 0.23, `normalizers/`. */
import { z } from 'zod'
import { buildComponent } from './component'
import { editPiece, mapPiece, prependPiece, slicePiece, type Edit, type Piece } from './piece'
import { compilePattern, Pattern } from './pattern'
import {
  isAscii,
  isChineseCharacter,
  isCombiningMark,
  isNonspacingMark,
  isRemovedByCleanText,
  isWhitespace,
  normalizeForm,
  type NormalizationForm,
} from './unicode'

export interface Normalizer {
  apply(piece: Piece): Piece
  /** True if normalizing the parts between spaces gives the parts of the normalized text. */
  isSpaceLocal: boolean
}

const BertOptions = z.object({
  clean_text: z.boolean().default(true),
  handle_chinese_chars: z.boolean().default(true),
  strip_accents: z.boolean().nullish(),
  lowercase: z.boolean().default(true),
})
const StripOptions = z.object({
  strip_left: z.boolean().default(true),
  strip_right: z.boolean().default(true),
})
const SequenceOptions = z.object({ normalizers: z.array(z.unknown()) })
const ReplaceOptions = z.object({ pattern: Pattern, content: z.string() })
const PrependOptions = z.object({ prepend: z.string() })

const builders: Record<string, (json: unknown) => Normalizer> = {
  BertNormalizer: (json) => bertNormalizer(BertOptions.parse(json)),
  NFC: () => unicodeForm('NFC'),
  NFD: () => unicodeForm('NFD'),
  NFKC: () => unicodeForm('NFKC'),
  NFKD: () => unicodeForm('NFKD'),
  Lowercase: () => wholeText(lowercase),
  StripAccents: () => wholeText((text) => without(text, isCombiningMark)),
  Strip: (json) => strip(StripOptions.parse(json)),
  Prepend: (json) => prepend(PrependOptions.parse(json).prepend),
  Replace: (json) => {
    const { pattern, content } = ReplaceOptions.parse(json)
    return replace(compilePattern(pattern), content)
  },
  Sequence: (json) => sequence(SequenceOptions.parse(json).normalizers.map(buildNormalizer)),
}

/** @throws UserError('unsupported') naming a component that is not known. */
export function buildNormalizer(json: unknown): Normalizer {
  return buildComponent('normalizer', builders, json)
}

function wholeText(f: (text: string) => string): Normalizer {
  return { apply: (piece) => mapPiece(piece, f), isSpaceLocal: true }
}

function unicodeForm(form: NormalizationForm): Normalizer {
  return wholeText((text) => normalizeForm(text, form))
}

function bertNormalizer(options: z.infer<typeof BertOptions>): Normalizer {
  const stripAccents = options.strip_accents ?? options.lowercase
  const steps: ((text: string) => string)[] = []
  if (options.clean_text) steps.push(cleanText)
  if (options.handle_chinese_chars) steps.push(padChineseCharacters)
  if (stripAccents) {
    steps.push((text) => (isAscii(text) ? text : without(normalizeForm(text, 'NFD'), isNonspacingMark)))
  }
  if (options.lowercase) steps.push(lowercase)
  return {
    apply: (piece) => steps.reduce((current, step) => mapPiece(current, step), piece),
    isSpaceLocal: true,
  }
}

const NOTHING_TO_CLEAN = /^[\x20-\x7e]*$/

function cleanText(text: string): string {
  if (NOTHING_TO_CLEAN.test(text)) return text
  let out = ''
  for (const char of text) {
    const c = char.codePointAt(0)!
    if (!isRemovedByCleanText(c)) out += isWhitespace(c) ? ' ' : char
  }
  return out
}

function padChineseCharacters(text: string): string {
  if (isAscii(text)) return text
  let out = ''
  for (const char of text) out += isChineseCharacter(char.codePointAt(0)!) ? ` ${char} ` : char
  return out
}

/** Lower case of each character by itself: a final sigma stays σ, as in the reference. */
function lowercase(text: string): string {
  if (!text.includes('\u03a3')) return text.toLowerCase()
  let out = ''
  for (const char of text) out += char.toLowerCase()
  return out
}

function without(text: string, isDropped: (c: number) => boolean): string {
  let out = ''
  for (const char of text) if (!isDropped(char.codePointAt(0)!)) out += char
  return out
}

function strip(options: z.infer<typeof StripOptions>): Normalizer {
  return {
    apply(piece) {
      let start = 0
      let end = piece.text.length
      if (options.strip_left) while (start < end && isWhitespace(piece.text.charCodeAt(start))) start++
      if (options.strip_right) while (end > start && isWhitespace(piece.text.charCodeAt(end - 1))) end--
      return slicePiece(piece, start, end)
    },
    isSpaceLocal: false,
  }
}

function prepend(prefix: string): Normalizer {
  return {
    apply: (piece) => (piece.text === '' ? piece : prependPiece(piece, prefix)),
    isSpaceLocal: false,
  }
}

function replace(pattern: RegExp, content: string): Normalizer {
  return {
    apply(piece) {
      const edits: Edit[] = []
      for (const match of piece.text.matchAll(pattern)) {
        edits.push({ start: match.index, end: match.index + match[0].length, text: content })
      }
      return editPiece(piece, edits)
    },
    isSpaceLocal: false,
  }
}

function sequence(normalizers: readonly Normalizer[]): Normalizer {
  return {
    apply: (piece) => normalizers.reduce((current, normalizer) => normalizer.apply(current), piece),
    isSpaceLocal: normalizers.every((normalizer) => normalizer.isSpaceLocal),
  }
}
