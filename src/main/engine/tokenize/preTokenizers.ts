/** Pre-tokenizers of tokenizer.json: pieces in, words out. Behaviour: huggingface/tokenizers 0.23. */
import { z } from 'zod'
import { toByteCharacters } from './byteAlphabet'
import { buildComponent } from './component'
import { compilePattern, literal, Pattern } from './pattern'
import { editPiece, prependPiece, type Edit, type Piece } from './piece'
import { partsByCharacter, partsByPattern, SplitBehavior, splitPiece, type Part } from './split'
import { isNumeric, isPunctuation, isWhitespace, isWordCharacter } from './unicode'

export interface PreTokenizer {
  apply(pieces: readonly Piece[]): Piece[]
  /** True if it drops spaces and never looks across them. */
  isSpaceLocal: boolean
}

const ByteLevelOptions = z.object({
  add_prefix_space: z.boolean().default(true),
  use_regex: z.boolean().default(true),
})
const PunctuationOptions = z.object({ behavior: SplitBehavior.default('Isolated') })
const DigitsOptions = z.object({ individual_digits: z.boolean().default(false) })
const SplitOptions = z.object({
  pattern: Pattern,
  behavior: SplitBehavior,
  invert: z.boolean().default(false),
})
const MetaspaceOptions = z.object({
  replacement: z.string().default('▁'),
  prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
  add_prefix_space: z.boolean().optional(),
  split: z.boolean().nullish(),
})
const SequenceOptions = z.object({ pretokenizers: z.array(z.unknown()) })

const builders: Record<string, (json: unknown) => PreTokenizer> = {
  BertPreTokenizer: () => ({
    apply: (pieces) =>
      cut(
        cut(pieces, (text) => partsByCharacter(text, isWhitespace), 'Removed'),
        (text) => partsByCharacter(text, isPunctuation),
        'Isolated',
      ),
    isSpaceLocal: true,
  }),
  Whitespace: () => ({ apply: (pieces) => cut(pieces, partsByWord, 'Removed'), isSpaceLocal: true }),
  WhitespaceSplit: () => ({
    apply: (pieces) => cut(pieces, (text) => partsByCharacter(text, isWhitespace), 'Removed'),
    isSpaceLocal: true,
  }),
  Punctuation: (json) => splitter(partsOf(isPunctuation), PunctuationOptions.parse(json).behavior),
  Digits: (json) =>
    splitter(partsOf(isNumeric), DigitsOptions.parse(json).individual_digits ? 'Isolated' : 'Contiguous'),
  Split: (json) => {
    const { pattern, behavior, invert } = SplitOptions.parse(json)
    const expression = compilePattern(pattern)
    return splitter((text) => partsByPattern(text, expression, invert), behavior)
  },
  ByteLevel: (json) => byteLevel(ByteLevelOptions.parse(json)),
  Metaspace: (json) => metaspace(MetaspaceOptions.parse(json)),
  Sequence: (json) => {
    const steps = SequenceOptions.parse(json).pretokenizers.map(buildPreTokenizer)
    return {
      apply: (pieces) => steps.reduce<Piece[]>((current, step) => step.apply(current), [...pieces]),
      isSpaceLocal: steps[0]?.isSpaceLocal ?? false,
    }
  },
}

/** @throws UserError('unsupported') naming a component that is not known. */
export function buildPreTokenizer(json: unknown): PreTokenizer {
  return buildComponent('pre_tokenizer', builders, json)
}

function cut(pieces: readonly Piece[], parts: (text: string) => Part[], behavior: SplitBehavior): Piece[] {
  return pieces.flatMap((piece) => splitPiece(piece, parts(piece.text), behavior))
}

function splitter(parts: (text: string) => Part[], behavior: SplitBehavior): PreTokenizer {
  return { apply: (pieces) => cut(pieces, parts, behavior), isSpaceLocal: false }
}

function partsOf(isMatch: (c: number) => boolean): (text: string) => Part[] {
  return (text) => partsByCharacter(text, isMatch)
}

/** The parts that are not of `\w+|[^\w\s]+`: white space; words and runs of other signs are kept apart. */
function partsByWord(text: string): Part[] {
  const kind = (c: number) => (isWordCharacter(c) ? 1 : isWhitespace(c) ? 0 : 2)
  const parts: Part[] = []
  let start = 0
  let current = -1
  for (let i = 0; i < text.length;) {
    const c = text.codePointAt(i)!
    const next = kind(c)
    if (next !== current) {
      if (i > start) parts.push({ start, end: i, isMatch: current === 0 })
      start = i
      current = next
    }
    i += c > 0xffff ? 2 : 1
  }
  if (start < text.length) parts.push({ start, end: text.length, isMatch: current === 0 })
  return parts
}

const GPT2_PATTERN =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

/** GPT-2's splitting expression and byte alphabet (openai/gpt-2, encoder.py). */
function byteLevel(options: z.infer<typeof ByteLevelOptions>): PreTokenizer {
  return {
    apply(pieces) {
      const words: Piece[] = []
      for (const piece of pieces) {
        const prefixed =
          options.add_prefix_space && !piece.text.startsWith(' ') ? prependPiece(piece, ' ') : piece
        if (!options.use_regex) words.push(toBytes(prefixed))
        else {
          for (const word of splitPiece(prefixed, partsByPattern(prefixed.text, GPT2_PATTERN), 'Isolated')) {
            words.push(toBytes(word))
          }
        }
      }
      return words
    },
    isSpaceLocal: false,
  }
}

function toBytes(piece: Piece): Piece {
  if (!piece.spans) return { ...piece, text: toByteCharacters(piece.text) }
  const edits: Edit[] = []
  for (const { 0: char, index } of piece.text.matchAll(/./gsu)) {
    const text = toByteCharacters(char)
    if (text !== char) edits.push({ start: index, end: index + char.length, text })
  }
  return editPiece(piece, edits)
}

/** SentencePiece's visible space (google/sentencepiece). */
function metaspace(options: z.infer<typeof MetaspaceOptions>): PreTokenizer {
  const { replacement } = options
  const scheme = options.prepend_scheme ?? (options.add_prefix_space === false ? 'never' : 'always')
  const split = options.split ?? true
  const pattern = literal(replacement)
  return {
    apply(pieces) {
      return pieces.flatMap((piece) => {
        const edits: Edit[] = []
        for (let i = piece.text.indexOf(' '); i >= 0; i = piece.text.indexOf(' ', i + 1)) {
          edits.push({ start: i, end: i + 1, text: replacement })
        }
        let marked = editPiece(piece, edits)
        const wanted = scheme === 'always' || (scheme === 'first' && piece.atStart)
        if (wanted && !marked.text.startsWith(replacement)) marked = prependPiece(marked, replacement)
        return split ? splitPiece(marked, partsByPattern(marked.text, pattern), 'MergedWithNext') : [marked]
      })
    },
    isSpaceLocal: false,
  }
}
