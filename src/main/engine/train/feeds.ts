/** Filling the arrays of one piece: tokens of its rows, and where in it answers are read. */
import { MASKED_SCORE } from '../ops/relative'
import type { Piece } from './microBatches'
import { type AskedRows, answersOf, type TokenRows } from './rows'

/** Arrays in a shape's size; see FEEDS of the graphs. */
export interface TokenFeeds {
  ids: Int32Array
  types: Int32Array | undefined
  bias: Float32Array
}

/** `rowOf`: the row that each member of the piece stands for. Rows beyond the members attend to one padding token. */
export function fillTokens(
  { ids, types, bias }: TokenFeeds,
  piece: Piece,
  rows: TokenRows,
  rowOf: (member: number) => number,
  padTokenId: number,
): void {
  ids.fill(padTokenId)
  types?.fill(0)
  bias.fill(MASKED_SCORE)
  piece.members.forEach((member, i) => {
    const row = rowOf(member)
    const [from, to] = [rows.offsets[row]!, rows.offsets[row + 1]!]
    const at = i * piece.length
    ids.set(rows.ids.subarray(from, to), at)
    if (types && rows.typeIds) types.set(rows.typeIds.subarray(from, to), at)
    bias.fill(0, at, at + to - from)
  })
  for (let ghost = piece.members.length; ghost < piece.rows; ghost++) bias[ghost * piece.length] = 0
}

/** An answer of a piece: its index among all answers of the rows, and where in the piece it is read. */
export interface PieceAnswer {
  answer: number
  /** Row of the piece. */
  row: number
  /** row · length + position. Meaningless where there is one answer a row. */
  place: number
}

/** The answers of a piece in order. */
export function answersOfPiece(
  piece: Piece,
  rows: AskedRows,
  rowOf: (member: number) => number,
): PieceAnswer[] {
  return piece.members.flatMap((member, i) => {
    const { from, to } = answersOf(rows, rowOf(member))
    return Array.from({ length: to - from }, (_, k) => ({
      answer: from + k,
      row: i,
      place: i * piece.length + (rows.places?.positions[from + k] ?? 0),
    }))
  })
}

/**
 * Writes the places of the answers; what is left over reads tokens nobody asks about, each another one: gradients
 * that meet in one place would have to be added in order.
 */
export function fillPlaces(places: Int32Array, answers: readonly PieceAnswer[]): void {
  answers.forEach(({ place }, i) => (places[i] = place))
  const taken = new Set(answers.map(({ place }) => place))
  let free = 0
  for (let i = answers.length; i < places.length; i++) {
    while (taken.has(free)) free++
    places[i] = free++
  }
}
