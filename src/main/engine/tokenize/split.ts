/** Cutting a piece at matches, with the five behaviours of the reference's SplitDelimiterBehavior. */
import { z } from 'zod'
import { slicePiece, type Piece } from './piece'

export const SplitBehavior = z.enum([
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
])
export type SplitBehavior = z.infer<typeof SplitBehavior>

/** A part of a text, [start, end); the parts of a text cover all of it, in order. */
export interface Part {
  start: number
  end: number
  isMatch: boolean
}

export function partsByPattern(text: string, pattern: RegExp, invert = false): Part[] {
  const parts: Part[] = []
  let at = 0
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const end = match.index + match[0].length
    if (end === match.index) {
      pattern.lastIndex += text.codePointAt(end)! > 0xffff ? 2 : 1
      continue
    }
    if (match.index > at) parts.push({ start: at, end: match.index, isMatch: invert })
    parts.push({ start: match.index, end, isMatch: !invert })
    at = end
  }
  if (at < text.length) parts.push({ start: at, end: text.length, isMatch: invert })
  return parts
}

/** Each matching character is a part of its own; the characters between them form one part. */
export function partsByCharacter(text: string, isMatch: (c: number) => boolean): Part[] {
  const parts: Part[] = []
  let at = 0
  for (let i = 0; i < text.length;) {
    const c = text.codePointAt(i)!
    const end = i + (c > 0xffff ? 2 : 1)
    if (isMatch(c)) {
      if (i > at) parts.push({ start: at, end: i, isMatch: false })
      parts.push({ start: i, end, isMatch: true })
      at = end
    }
    i = end
  }
  if (at < text.length) parts.push({ start: at, end: text.length, isMatch: false })
  return parts
}

export function splitPiece(piece: Piece, parts: readonly Part[], behavior: SplitBehavior): Piece[] {
  const cut = (part: Part) => slicePiece(piece, part.start, part.end)
  switch (behavior) {
    case 'Isolated':
      return parts.map(cut)
    case 'Removed':
      return parts.filter((part) => !part.isMatch).map(cut)
    case 'Contiguous':
      return merge(parts, (part, previous) => part.isMatch === (previous?.isMatch ?? false)).map(cut)
    case 'MergedWithPrevious':
      return merge(parts, (part, previous) => part.isMatch && !(previous?.isMatch ?? false)).map(cut)
    case 'MergedWithNext':
      return merge(parts, (part, previous) => previous?.isMatch === true && !part.isMatch).map(cut)
  }
}

function merge(
  parts: readonly Part[],
  joins: (part: Part, previous: Part | undefined) => boolean,
): { start: number; end: number; isMatch: boolean }[] {
  const merged: Part[] = []
  let previous: Part | undefined
  for (const part of parts) {
    const last = merged.at(-1)
    if (last && joins(part, previous)) last.end = part.end
    else merged.push({ ...part })
    previous = part
  }
  return merged
}
