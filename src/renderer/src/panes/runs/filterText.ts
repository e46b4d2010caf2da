/** A filter's text in pieces to colour, and an offer put into it. Pure. */
import type { Completion, Completions } from '../../../../shared/filter/complete'
import { tokenize } from '../../../../shared/filter/tokens'
import { FilterError } from '../../../../shared/filter/tree'
import { readNumber } from '../../../../shared/filter/values'

export type PieceKind = 'plain' | 'word' | 'number' | 'text'

export interface Piece {
  text: string
  kind: PieceKind
  isWrong: boolean
}

const WORDS = new Set(['and', 'or', 'not', 'in', 'like', 'is', 'null', 'has'])

/** All of the text, in order; the characters of the mistake are marked. A text that cannot be cut is one piece. */
export function pieces(text: string, wrong: { from: number; to: number } | null): Piece[] {
  const edges = new Set([0, text.length])
  const kinds: { from: number; to: number; kind: PieceKind }[] = []
  for (const token of tokensOf(text)) {
    const isWord = token.kind === 'operator' || (token.kind === 'word' && WORDS.has(token.text.toLowerCase()))
    const isNumber = token.kind === 'word' && readNumber(token.text) !== undefined
    const kind = isWord ? 'word' : token.kind === 'quoted' ? 'text' : isNumber ? 'number' : 'plain'
    kinds.push({ from: token.from, to: token.to, kind })
    edges.add(token.from).add(token.to)
  }
  if (wrong) edges.add(Math.min(wrong.from, text.length)).add(Math.min(wrong.to, text.length))
  const cuts = [...edges].sort((a, b) => a - b)
  return cuts.slice(1).map((to, i) => {
    const from = cuts[i]!
    return {
      text: text.slice(from, to),
      kind: kinds.find((one) => one.from <= from && to <= one.to)?.kind ?? 'plain',
      isWrong: wrong !== null && wrong.from <= from && to <= wrong.to,
    }
  })
}

function tokensOf(text: string): ReturnType<typeof tokenize> {
  try {
    return tokenize(text)
  } catch (error) {
    if (error instanceof FilterError) return []
    throw error
  }
}

/** The text with an offer taken, and where the caret goes on: after a space, or inside a bracket. */
export function accept(
  text: string,
  { from, to }: Completions,
  { insert }: Completion,
): { text: string; caret: number } {
  const gap = insert.endsWith('(') ? '' : ' '
  const after = text.slice(to).replace(/^\s+/, '')
  const isClosed = /^[,)]/.test(after)
  const before = `${text.slice(0, from)}${insert}${isClosed ? '' : gap}`
  return { text: before + after, caret: before.length }
}
