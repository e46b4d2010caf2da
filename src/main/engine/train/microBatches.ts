/**
 * Cutting the rows of one batch into pieces by length. Shapes come from a small lattice, so that sessions can be
 * kept; the cut is a pure function of the lengths, so that a resumed run cuts alike.
 */

/** Tokens a piece may hold, padding included, unless a single row is longer. */
export const MAX_PIECE_TOKENS = 1024
/** What starting a piece costs, in tokens. */
const PIECE_OVERHEAD_TOKENS = 48

export interface Piece {
  /** Positions in the list of lengths. */
  members: number[]
  /** Rows and tokens a row of the session's shape; rows beyond the members are ghosts without weight. */
  rows: number
  length: number
}

/** The smallest lattice size that holds n: multiples of `fine` up to 8·fine, then four an octave. */
function latticeSize(n: number, fine: number): number {
  const step = Math.max(fine, 2 ** (Math.ceil(Math.log2(n)) - 3))
  return Math.ceil(n / step) * step
}

export function latticeLength(length: number, maxLength: number): number {
  return Math.min(latticeSize(length, 4), maxLength)
}

export function latticeRows(rows: number): number {
  return latticeSize(rows, 1)
}

/** Pieces of least cost (tokens computed, and a little for each piece), longest rows first. */
export function cutIntoPieces(
  lengths: ArrayLike<number>,
  maxLength: number,
  maxTokens = MAX_PIECE_TOKENS,
): Piece[] {
  const order = Array.from({ length: lengths.length }, (_, i) => i).sort(
    (a, b) => lengths[a]! - lengths[b]! || a - b,
  )
  const best = [0]
  const from = [0]
  for (let end = 1; end <= order.length; end++) {
    const length = latticeLength(lengths[order[end - 1]!]!, maxLength)
    best[end] = Infinity
    for (let start = end - 1; start >= 0; start--) {
      const tokens = latticeRows(end - start) * length
      if (tokens > maxTokens && end - start > 1) break
      const cost = best[start]! + tokens + PIECE_OVERHEAD_TOKENS
      if (cost < best[end]!) {
        best[end] = cost
        from[end] = start
      }
    }
  }
  const pieces: Piece[] = []
  for (let end = order.length; end > 0; end = from[end]!) {
    const members = order.slice(from[end], end)
    pieces.push({
      members,
      rows: latticeRows(members.length),
      length: latticeLength(lengths[members.at(-1)!]!, maxLength),
    })
  }
  return pieces
}
