/**
 * Cutting the rows of one batch into pieces by length. A run chooses a few shapes (rows × tokens) once, from the
 * lengths it will see, so that its sessions can be kept; every cut is then a pure function of the batch's lengths,
 * so that a resumed run cuts alike.
 */

/** Tokens a piece may hold, padding included, unless a single row is longer. */
export const MAX_PIECE_TOKENS = 1024
/** What running a piece costs beside its tokens, in tokens of a small encoder (measured: 2 layers × 128). */
const PIECE_OVERHEAD_TOKENS = 96
/** Shapes a run trains with. */
const TRAINING_SHAPES = 16
/** Shapes that are weighed against each other. */
const CANDIDATE_SHAPES = 36

export interface Shape {
  rows: number
  length: number
}

export interface Piece extends Shape {
  /** Positions in the list of lengths; rows of the shape beyond them are ghosts without weight. */
  members: number[]
}

/** The smallest lattice size that holds n: multiples of `fine` up to 8·fine, then four an octave. */
function latticeSize(n: number, fine: number): number {
  const step = Math.max(fine, 2 ** (Math.ceil(Math.log2(n)) - 3))
  return Math.ceil(n / step) * step
}

export function latticeLength(length: number, maxLength: number): number {
  return Math.min(latticeSize(length, 4), maxLength)
}

/** The number of answers a piece of this many tokens is run for: a few sizes, so that sessions can be kept. */
export function answersLattice(answers: number, tokens: number): number {
  return Math.min(latticeSize(Math.max(1, answers), 8), tokens)
}

/**
 * Pieces of least cost that use only the given shapes, longest rows first.
 * One of the shapes must be as long as the longest row.
 */
export function cutIntoPieces(lengths: ArrayLike<number>, shapes: readonly Shape[]): Piece[] {
  const order = sortedByLength(lengths)
  const { chosen } = leastCost(
    order.map((i) => lengths[i]!),
    shapes,
  )
  const pieces: Piece[] = []
  for (let end = order.length; end > 0;) {
    const shape = chosen[end]!
    const start = Math.max(0, end - shape.rows)
    pieces.push({ members: order.slice(start, end), ...shape })
    end = start
  }
  return pieces
}

function sortedByLength(lengths: ArrayLike<number>): number[] {
  return Array.from({ length: lengths.length }, (_, i) => i).sort(
    (a, b) => lengths[a]! - lengths[b]! || a - b,
  )
}

/** For each number of rows taken from the short end, the shape of the last piece of the cheapest cut. */
function leastCost(
  ascending: readonly number[],
  shapes: readonly Shape[],
): { chosen: Shape[]; cost: number } {
  const best = [0]
  const chosen: Shape[] = []
  for (let end = 1; end <= ascending.length; end++) {
    let least = Infinity
    for (const shape of shapes) {
      if (shape.length < ascending[end - 1]!) continue
      const cost = best[Math.max(0, end - shape.rows)]! + shape.rows * shape.length + PIECE_OVERHEAD_TOKENS
      if (cost < least) {
        least = cost
        chosen[end] = shape
      }
    }
    best[end] = least
  }
  return { chosen, cost: best.at(-1)! }
}

/** A length a shape may have, with the row counts that fit it. */
function latticeShapes(lengths: readonly number[], maxLength: number, maxRows: number): Shape[] {
  const latticeLengths = [...new Set(lengths.map((length) => latticeLength(length, maxLength)))].sort(
    (a, b) => a - b,
  )
  return latticeLengths.flatMap((length) => {
    const most = Math.max(1, Math.min(latticeSize(maxRows, 1), Math.floor(MAX_PIECE_TOKENS / length)))
    const rows = new Set<number>([most])
    for (let n = 1; n <= most; n = latticeSize(n + 1, 1)) rows.add(n)
    return [...rows].map((n) => ({ rows: n, length }))
  })
}

/**
 * The shapes a run trains with, from batches it will see: of a fine lattice those used least are dropped, then, one by
 * one, those whose loss costs least. `longest`: of all rows, seen or not.
 */
export function trainingShapes(
  batches: readonly (readonly number[])[],
  longest: number,
  maxLength: number,
): Shape[] {
  const sorted = batches.map((batch) => [...batch].sort((a, b) => a - b))
  const maxRows = Math.max(1, ...batches.map((batch) => batch.length))
  let shapes = latticeShapes([...sorted.flat(), longest], maxLength, maxRows)
  const longestLength = Math.max(...shapes.map((shape) => shape.length))
  while (shapes.length > CANDIDATE_SHAPES) {
    const uses = countUses(sorted, shapes)
    const spare = shapes
      .filter((shape) => shape.length < longestLength)
      .sort((a, b) => uses.get(a)! - uses.get(b)!)
    const unused = spare.filter((shape) => uses.get(shape) === 0)
    const count = Math.max(1, Math.ceil((shapes.length - CANDIDATE_SHAPES) / 4), unused.length)
    if (spare.length === 0) break
    const dropped = new Set(spare.slice(0, count))
    shapes = shapes.filter((shape) => !dropped.has(shape))
  }
  while (shapes.length > TRAINING_SHAPES) {
    const costs = shapes.map((_, i) => {
      const rest = shapes.toSpliced(i, 1)
      return rest.some((shape) => shape.length === longestLength) ? totalCost(sorted, rest) : Infinity
    })
    shapes = shapes.toSpliced(costs.indexOf(Math.min(...costs)), 1)
  }
  return shapes
}

function totalCost(batches: readonly (readonly number[])[], shapes: readonly Shape[]): number {
  return batches.reduce((sum, batch) => sum + leastCost(batch, shapes).cost, 0)
}

function countUses(batches: readonly (readonly number[])[], shapes: readonly Shape[]): Map<Shape, number> {
  const uses = new Map<Shape, number>(shapes.map((shape) => [shape, 0]))
  for (const batch of batches) {
    const { chosen } = leastCost(batch, shapes)
    for (let end = batch.length; end > 0; end -= chosen[end]!.rows)
      uses.set(chosen[end]!, uses.get(chosen[end]!)! + 1)
  }
  return uses
}

/** Shapes for running many rows forward: as many rows as fit for each length, no more than there are. */
export function forwardShapes(lengths: ArrayLike<number>, maxLength: number): Shape[] {
  const used = new Set(Array.from(lengths, (length) => latticeLength(length, maxLength)))
  return [...used].map((length) => ({
    rows: Math.max(1, Math.min(latticeSize(lengths.length, 1), Math.floor(MAX_PIECE_TOKENS / length))),
    length,
  }))
}
