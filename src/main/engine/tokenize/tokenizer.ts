/**
 * The tokenizer: added tokens → normalizer → pre-tokenizer → model → post-processor, as tokenizer.json orders
 * them. Ids equal those of Hugging Face's tokenizers 0.23. Two ways through: with offsets (for display and
 * token classification), and ids only, with a cache of words, for data sets.
 */
import { UserError } from '../../../shared/errors'
import { addedTokenMatcher, type AddedToken, type AddedTokenMatcher } from './addedTokens'
import type { Decoder } from './decoders'
import type { Encoding, SequenceTokens } from './encoding'
import { assemble, assembleIds } from './assemble'
import { IdBuffer } from './idBuffer'
import { invertVocab, type Model, type WordTokens } from './models/model'
import type { Normalizer } from './normalizers'
import { slicePiece, wholeText, type Piece } from './piece'
import type { PostProcessor } from './postProcessors'
import type { PreTokenizer } from './preTokenizers'
import type { SpecialTokens } from './specialTokens'
import { truncatedLengths, type TruncationStrategy } from './truncation'
import { toWellFormed } from './unicode'

export interface TokenizerParts {
  normalizer: Normalizer | null
  preTokenizer: PreTokenizer | null
  model: Model
  postProcessor: PostProcessor
  decoder: Decoder | null
  addedTokens: readonly AddedToken[]
  specialTokens: SpecialTokens
  /** The whole of tokenizer.json, for saving. */
  json: Readonly<Record<string, unknown>>
}

export interface EncodeOptions {
  /** Default true. */
  addSpecialTokens?: boolean
  /** Tokens at most, special ones included; no limit by default. */
  maxLength?: number
  /** Default 'longest_first'. */
  truncation?: TruncationStrategy
}

const CACHE_ENTRIES = 100_000
const CACHED_WORD_LENGTH = 64

export class Tokenizer {
  readonly specialTokens: SpecialTokens
  readonly vocabSize: number
  private readonly idOf: Map<string, number>
  private readonly tokenOf: (string | undefined)[]
  private readonly specialIds: ReadonlySet<number>
  private readonly rawMatcher: AddedTokenMatcher | null
  private readonly normalizedMatcher: AddedTokenMatcher | null
  /** Texts between spaces can be encoded (and cached) one by one. */
  private readonly isSpaceLocal: boolean
  private readonly wordCache = new Map<string, WordTokens>()
  private readonly chunkCache = new Map<string, Int32Array>()

  constructor(readonly parts: TokenizerParts) {
    const { model, addedTokens, normalizer, preTokenizer } = parts
    this.specialTokens = parts.specialTokens
    this.idOf = new Map([...model.vocab, ...addedTokens.map((t): [string, number] => [t.content, t.id])])
    this.tokenOf = invertVocab(this.idOf)
    this.vocabSize = this.idOf.size
    this.specialIds = new Set(addedTokens.filter((t) => t.special).map((t) => t.id))
    this.rawMatcher = addedTokenMatcher(addedTokens.filter((t) => !t.normalized).map((t) => [t.content, t]))
    this.normalizedMatcher = addedTokenMatcher(
      addedTokens.filter((t) => t.normalized).map((t) => [this.normalize(t.content), t]),
    )
    this.isSpaceLocal =
      !this.normalizedMatcher && (normalizer?.isSpaceLocal ?? true) && (preTokenizer?.isSpaceLocal ?? false)
  }

  tokenToId(token: string): number | undefined {
    return this.idOf.get(token)
  }

  idToToken(id: number): string | undefined {
    return this.tokenOf[id]
  }

  /** Ids are below this; larger than `vocabSize` where the vocabulary has gaps. */
  get idCount(): number {
    return this.tokenOf.length
  }

  normalize(text: string): string {
    return this.parts.normalizer?.apply(wholeText(text, false)).text ?? text
  }

  /** Special tokens that one sequence or a pair gets. */
  addedSpecialTokens(isPair: boolean): number {
    const { single, pair } = this.parts.postProcessor
    return (isPair ? pair : single).filter((part) => part.kind === 'special').length
  }

  /** Ids, tokens, offsets and all. @throws UserError if `maxLength` leaves no room for the special tokens. */
  encode(text: string, pair: string | null = null, options: EncodeOptions = {}): Encoding {
    // A text alone need not be read further than it is kept; of a pair both lengths decide what is cut.
    if (pair === null) return this.finish(this.sequence(text, options.maxLength ?? Infinity), null, options)
    return this.finish(this.sequence(text, Infinity), this.sequence(pair, Infinity), options)
  }

  /** A text that comes as words; `wordIds` of the result index into `words`, offsets are within each word. */
  encodeWords(words: readonly string[], options: EncodeOptions = {}): Encoding {
    const joined: SequenceTokens = { ids: [], tokens: [], offsets: [], wordIds: [] }
    words.forEach((word, index) => {
      const part = this.sequence(word, Infinity)
      for (let i = 0; i < part.ids.length; i++) {
        joined.ids.push(part.ids[i]!)
        joined.tokens.push(part.tokens[i]!)
        joined.offsets.push(part.offsets[i]!)
        joined.wordIds.push(index)
      }
    })
    return this.finish(joined, null, options)
  }

  /** Ids and token types only: the fast way. */
  encodeIds(
    text: string,
    pair: string | null = null,
    options: EncodeOptions = {},
  ): { ids: Int32Array; typeIds: Int32Array } {
    const a = new IdBuffer()
    this.appendIds(text, a, pair === null ? options.maxLength : Infinity)
    let b: IdBuffer | null = null
    if (pair !== null) this.appendIds(pair, (b = new IdBuffer()))
    const [na, nb] = this.keptLengths([a.length, b && b.length], options)
    const layout = this.layout(b !== null, options)
    return assembleIds(layout, [a.data.subarray(0, na), b && b.data.subarray(0, nb ?? 0)])
  }

  /** Appends the ids of a text, without special tokens around it, stopping at the word that reaches `limit`. */
  appendIds(text: string, out: IdBuffer, limit = Infinity): void {
    const clean = toWellFormed(text)
    const end = out.length + limit
    if (!this.isSpaceLocal || this.rawMatcher?.matches(clean)) {
      this.appendPlain(clean, out, end)
      return
    }
    for (let start = 0; start < clean.length && out.length < end;) {
      const space = clean.indexOf(' ', start)
      const stop = space < 0 ? clean.length : space
      if (stop > start) this.appendChunk(clean.slice(start, stop), out, end)
      start = stop + 1
    }
  }

  /** A text as the model is given it, word by word; added tokens are none of its words. */
  wordsOf(text: string): string[] {
    const words: string[] = []
    for (const { piece, id } of this.stretches(toWellFormed(text), false))
      if (id === null) words.push(...this.words(piece).map((word) => word.text))
    return words
  }

  /** Text of tokens. Unknown ids are left out, as in the reference. */
  decode(ids: Iterable<number>, { skipSpecialTokens = true } = {}): string {
    const tokens: string[] = []
    for (const id of ids) {
      const token = this.tokenOf[id]
      if (token !== undefined && !(skipSpecialTokens && this.specialIds.has(id))) tokens.push(token)
    }
    const { decoder } = this.parts
    return decoder ? decoder(tokens).join('') : tokens.join(' ')
  }

  /** True for ids that decoding may skip. */
  isSpecial(id: number): boolean {
    return this.specialIds.has(id)
  }

  private appendChunk(chunk: string, out: IdBuffer, end: number): void {
    const known = this.chunkCache.get(chunk)
    if (known && out.length + known.length < end) {
      out.append(known)
      return
    }
    const from = out.length
    this.appendPlain(chunk, out, end)
    if (out.length < end && chunk.length <= CACHED_WORD_LENGTH && this.chunkCache.size < CACHE_ENTRIES) {
      this.chunkCache.set(chunk, out.data.slice(from, out.length))
    }
  }

  private appendPlain(text: string, out: IdBuffer, end: number): void {
    for (const { piece, id } of this.stretches(text, false)) {
      if (id !== null) out.push(id)
      else {
        for (const word of this.words(piece)) {
          out.append(this.tokenizeWord(word.text).ids)
          if (out.length >= end) return
        }
      }
    }
  }

  private sequence(text: string, limit: number): SequenceTokens {
    const out: SequenceTokens = { ids: [], tokens: [], offsets: [], wordIds: [] }
    let wordIndex = 0
    for (const { piece, id } of this.stretches(toWellFormed(text), true)) {
      if (id !== null) {
        out.ids.push(id)
        out.tokens.push(piece.text)
        out.offsets.push(spanOf(piece, 0, piece.text.length))
        out.wordIds.push(wordIndex++)
        continue
      }
      for (const word of this.words(piece)) {
        this.pushWord(word, wordIndex++, out)
        if (out.ids.length >= limit) return out
      }
    }
    return out
  }

  private pushWord(word: Piece, wordIndex: number, out: SequenceTokens): void {
    const { ids, ends } = this.tokenizeWord(word.text)
    let start = 0
    ids.forEach((tokenId, i) => {
      out.ids.push(tokenId)
      out.tokens.push(this.tokenOf[tokenId]!)
      // Byte-fallback tokens of one character share its place.
      if (i > 0 && ends[i] === ends[i - 1]) out.offsets.push([...out.offsets.at(-1)!])
      else out.offsets.push(spanOf(word, start, ends[i]!))
      out.wordIds.push(wordIndex)
      start = ends[i]!
    })
  }

  /** The text cut at added tokens, the stretches between them normalized. */
  private *stretches(text: string, withSpans: boolean): Generator<{ piece: Piece; id: number | null }> {
    const whole = wholeText(text, withSpans)
    for (const { piece, id } of cutAt(whole, this.rawMatcher)) {
      if (id !== null) yield { piece, id }
      else yield* cutAt(this.parts.normalizer?.apply(piece) ?? piece, this.normalizedMatcher)
    }
  }

  private words(piece: Piece): Piece[] {
    if (piece.text === '') return []
    return this.parts.preTokenizer?.apply([piece]).filter((word) => word.text !== '') ?? [piece]
  }

  private tokenizeWord(word: string): WordTokens {
    const known = this.wordCache.get(word)
    if (known) return known
    const tokens = this.parts.model.tokenizeWord(word)
    if (word.length <= CACHED_WORD_LENGTH && this.wordCache.size < CACHE_ENTRIES)
      this.wordCache.set(word, tokens)
    return tokens
  }

  private layout(isPair: boolean, options: EncodeOptions) {
    const { single, pair } = this.parts.postProcessor
    const layout = isPair ? pair : single
    return options.addSpecialTokens === false ? layout.filter((part) => part.kind === 'sequence') : layout
  }

  private keptLengths(lengths: [number, number | null], options: EncodeOptions): [number, number | null] {
    if (options.maxLength === undefined) return lengths
    const isPair = lengths[1] !== null
    const added = options.addSpecialTokens === false ? 0 : this.addedSpecialTokens(isPair)
    if (options.maxLength < added) {
      throw new UserError(
        'bad-config',
        `max_length ${options.maxLength} has no room for ${added} special tokens.`,
        {
          where: { field: 'max_length' },
        },
      )
    }
    return truncatedLengths(lengths, options.maxLength - added, options.truncation ?? 'longest_first')
  }

  private finish(a: SequenceTokens, b: SequenceTokens | null, options: EncodeOptions): Encoding {
    const [na, nb] = this.keptLengths([a.ids.length, b && b.ids.length], options)
    const { trimOffsets } = this.parts.postProcessor
    trimOffsets?.(a)
    if (b) trimOffsets?.(b)
    return assemble(this.layout(b !== null, options), [a, b], [na, nb ?? 0])
  }
}

function* cutAt(
  piece: Piece,
  matcher: AddedTokenMatcher | null,
): Generator<{ piece: Piece; id: number | null }> {
  if (!matcher?.matches(piece.text)) yield { piece, id: null }
  else {
    for (const { start, end, id } of matcher.parts(piece.text))
      yield { piece: slicePiece(piece, start, end), id }
  }
}

function spanOf(piece: Piece, start: number, end: number): [number, number] {
  const { spans } = piece
  if (!spans || end <= start) return [0, 0]
  return [spans[2 * start]!, spans[2 * end - 1]!]
}
