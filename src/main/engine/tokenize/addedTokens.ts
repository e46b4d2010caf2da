/**
 * Tokens found in the text before the model sees it: special ones such as [MASK], and words a user added.
 * Behaviour: huggingface/tokenizers 0.23, `added_vocabulary.rs` (leftmost-longest matches).
 */
import { z } from 'zod'
import { escapeRegExp } from './pattern'
import { isWhitespace, isWordCharacter } from './unicode'

export const AddedToken = z.object({
  id: z.number().int().nonnegative(),
  content: z.string(),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(true),
  special: z.boolean().default(false),
})
export type AddedToken = z.infer<typeof AddedToken>

/** A stretch of text, [start, end), that is an added token or (id null) is not. */
export interface AddedTokenPart {
  start: number
  end: number
  id: number | null
}

export interface AddedTokenMatcher {
  /** Quick answer whether `parts` would find anything. */
  matches(text: string): boolean
  parts(text: string): AddedTokenPart[]
}

/** @param tokens pairs of the pattern to look for (normalized where the token is) and the token. */
export function addedTokenMatcher(
  tokens: readonly (readonly [string, AddedToken])[],
): AddedTokenMatcher | null {
  const byPattern = new Map(tokens.filter(([pattern]) => pattern !== ''))
  if (byPattern.size === 0) return null
  const longestFirst = [...byPattern.keys()].sort((a, b) => b.length - a.length)
  const source = longestFirst.map(escapeRegExp).join('|')
  const quick = new RegExp(source, 'u')
  const all = new RegExp(source, 'gu')
  return {
    matches: (text) => quick.test(text),
    parts(text) {
      const parts: AddedTokenPart[] = []
      let at = 0
      for (const match of text.matchAll(all)) {
        const token = byPattern.get(match[0])!
        let start = match.index
        let end = start + match[0].length
        if (token.single_word && touchesWord(text, start, end)) continue
        if (token.lstrip) while (start > at && isWhitespace(text.charCodeAt(start - 1))) start--
        if (token.rstrip) while (end < text.length && isWhitespace(text.charCodeAt(end))) end++
        if (start > at) parts.push({ start: at, end: start, id: null })
        parts.push({ start, end, id: token.id })
        at = end
      }
      if (at < text.length) parts.push({ start: at, end: text.length, id: null })
      return parts
    },
  }
}

function touchesWord(text: string, start: number, end: number): boolean {
  if (end < text.length && isWordCharacter(text.codePointAt(end)!)) return true
  if (start === 0) return false
  const isLow = (text.charCodeAt(start - 1) & 0xfc00) === 0xdc00
  return isWordCharacter(text.codePointAt(start - (isLow ? 2 : 1))!)
}
