/**
 * Text → tokens. Where words are parted by spaces one regular expression does it (ten times as fast as
 * Intl.Segmenter); Intl.Segmenter where they are not.
 */
import { UserError } from '../../../shared/errors'
import type { Sentence, Token } from './token'

const PIECE = /[\p{L}\p{M}\p{N}]+(?:['’\-‐][\p{L}\p{M}\p{N}]+)*|[^\p{L}\p{M}\p{N}\s]/gu
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const WORD_CHARACTER = /[\p{L}\p{N}]/u
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })

interface Span {
  start: number
  end: number
}

/** Finds what must stay as it is. */
export interface Protection {
  words: ReadonlySet<string>
  patterns: readonly RegExp[]
}

/** @throws UserError `bad-config` naming the pattern that is no regular expression */
export function protection(words: readonly string[], patterns: readonly string[]): Protection {
  const single = new Set<string>()
  const compiled: RegExp[] = []
  for (const word of words) {
    if (/^[\p{L}\p{M}\p{N}]+$/u.test(word) && !UNSPACED.test(word)) single.add(word.toLowerCase())
    else compiled.push(new RegExp(literal(word), 'giu'))
  }
  patterns.forEach((pattern, i) => {
    try {
      compiled.push(new RegExp(pattern, 'gu'))
    } catch (cause) {
      throw new UserError('bad-config', `This is not a regular expression: ${pattern}.`, {
        where: { field: `protect.patterns.${i}` },
        hint: cause instanceof Error ? cause.message : 'See the regular expressions of JavaScript.',
        cause,
      })
    }
  })
  return { words: single, patterns: compiled }
}

/** A phrase as a pattern that begins and ends at the ends of words. */
function literal(phrase: string): string {
  const escaped = phrase.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replace(/\s+/g, '\\s+')
  const [first, last] = [phrase.at(0)!, phrase.at(-1)!]
  const isEdge = (character: string) => WORD_CHARACTER.test(character) && !UNSPACED.test(character)
  return `${isEdge(first) ? '(?<![\\p{L}\\p{N}])' : ''}${escaped}${isEdge(last) ? '(?![\\p{L}\\p{N}])' : ''}`
}

export function parseText(text: string, { words, patterns }: Protection): Sentence {
  const kept = protectedSpans(text, patterns)
  const tokens: Token[] = []
  let end = 0
  let next = 0
  const push = (start: number, stop: number, isProtected: boolean) => {
    const piece = text.slice(start, stop)
    const isWord = WORD_CHARACTER.test(piece)
    tokens.push({
      text: piece,
      gap: text.slice(end, start),
      isWord,
      isProtected: isProtected || (isWord && words.size > 0 && words.has(piece.toLowerCase())),
      tag: null,
    })
    end = stop
  }
  for (const { start, end: stop } of pieces(text)) {
    if (stop <= end) continue // inside a protected phrase
    while (next < kept.length && kept[next]!.end <= start) next++
    const phrase = kept[next]
    if (phrase && phrase.start < stop) push(Math.min(start, phrase.start), Math.max(stop, phrase.end), true)
    else push(start, stop, false)
  }
  return tokens
}

/** A row of token classification. Tokens are as they are; a protected phrase may span several. */
export function parseTokens(
  texts: readonly string[],
  tags: readonly string[],
  { words, patterns }: Protection,
): Sentence {
  const kept = protectedSpans(texts.join(' '), patterns)
  let start = 0
  return texts.map((text, i): Token => {
    const span = { start, end: start + text.length }
    start = span.end + 1
    const isInPhrase = kept.some((phrase) => phrase.start < span.end && span.start < phrase.end)
    return {
      text,
      gap: i === 0 ? '' : ' ',
      isWord: WORD_CHARACTER.test(text),
      isProtected: isInPhrase || words.has(text.toLowerCase()),
      tag: tags[i]!,
    }
  })
}

function* pieces(text: string): Generator<Span> {
  if (!UNSPACED.test(text)) {
    for (const { 0: piece, index } of text.matchAll(PIECE)) yield { start: index, end: index + piece.length }
    return
  }
  for (const { segment, index } of segmenter.segment(text))
    if (segment.trim() !== '') yield { start: index, end: index + segment.length }
}

/** In order, those that overlap as one. */
function protectedSpans(text: string, patterns: readonly RegExp[]): Span[] {
  if (patterns.length === 0) return []
  const spans = patterns
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .filter((match) => match[0] !== '')
    .map((match) => ({ start: match.index, end: match.index + match[0].length }))
    .sort((a, b) => a.start - b.start)
  const merged: Span[] = []
  for (const span of spans) {
    const last = merged.at(-1)
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end)
    else merged.push(span)
  }
  return merged
}
