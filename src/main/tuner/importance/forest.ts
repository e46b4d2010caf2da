/**
 * A random forest of regression trees (Breiman 2001) whose leaves are boxes of the search space, as functional ANOVA
 * needs them. Every coordinate is in [0, 1]; a categorical one is cut into equal parts and split one against the rest.
 */
import type { Random } from '../random'

/** A region and the mean of what was observed in it. */
export interface Leaf {
  readonly value: number
  /** Of each coordinate: the cells of its grid that belong to the region. */
  readonly cells: readonly (readonly [start: number, end: number] | ReadonlySet<number>)[]
}

export interface Coordinate {
  /** Number of categories; null for a number in [0, 1]. */
  readonly categories: number | null
}

const MOST_DEPTH = 64

/** @param rows [trials][coordinates] */
export function growTree(
  rows: readonly Float64Array[],
  y: readonly number[],
  coordinates: readonly Coordinate[],
  random: Random,
): Leaf[] {
  const sample = rows.map(() => Math.floor(random() * rows.length))
  const whole = coordinates.map(({ categories }) =>
    categories === null ? ([0, 1] as const) : new Set(Array.from({ length: categories }, (_, c) => c)),
  )
  const leaves: Leaf[] = []
  const grow = (members: readonly number[], cells: Leaf['cells'], depth: number): void => {
    const split = depth < MOST_DEPTH ? bestSplit(members, rows, y, coordinates) : null
    if (!split) {
      leaves.push({ value: mean(members, y), cells })
      return
    }
    const { coordinate, at, left, right } = split
    const region = cells[coordinate]!
    const replace = (part: Leaf['cells'][number]) => cells.map((own, c) => (c === coordinate ? part : own))
    if (region instanceof Set) {
      const own: ReadonlySet<number> = region
      grow(left, replace(new Set([at])), depth + 1)
      grow(right, replace(new Set([...own].filter((category) => category !== at))), depth + 1)
    } else {
      const [start, end] = region as readonly [number, number]
      grow(left, replace([start, at]), depth + 1)
      grow(right, replace([at, end]), depth + 1)
    }
  }
  grow(sample, whole, 0)
  return leaves
}

function mean(members: readonly number[], y: readonly number[]): number {
  return members.reduce((sum, row) => sum + y[row]!, 0) / members.length
}

interface Split {
  coordinate: number
  /** Threshold, or the category that goes left. */
  at: number
  left: number[]
  right: number[]
}

/** The split that leaves the least squared error; null where nothing is gained. */
function bestSplit(
  members: readonly number[],
  rows: readonly Float64Array[],
  y: readonly number[],
  coordinates: readonly Coordinate[],
): Split | null {
  const total = members.reduce((sum, row) => sum + y[row]!, 0)
  const count = members.length
  let best: { gain: number; coordinate: number; at: number } | null = null
  const offer = (coordinate: number, at: number, left: number, sum: number) => {
    if (left === 0 || left === count) return
    const gain = sum ** 2 / left + (total - sum) ** 2 / (count - left) - total ** 2 / count
    if (gain > (best?.gain ?? 1e-12 * (1 + total ** 2))) best = { gain, coordinate, at }
  }
  coordinates.forEach(({ categories }, coordinate) => {
    if (categories !== null) {
      for (let category = 0; category < categories; category++) {
        const inside = members.filter((row) => rows[row]![coordinate] === category)
        offer(
          coordinate,
          category,
          inside.length,
          inside.reduce((sum, row) => sum + y[row]!, 0),
        )
      }
      return
    }
    const sorted = [...members].sort((a, b) => rows[a]![coordinate]! - rows[b]![coordinate]!)
    let sum = 0
    for (let i = 1; i < count; i++) {
      sum += y[sorted[i - 1]!]!
      const [before, after] = [rows[sorted[i - 1]!]![coordinate]!, rows[sorted[i]!]![coordinate]!]
      if (before < after) offer(coordinate, (before + after) / 2, i, sum)
    }
  })
  const found = best as { gain: number; coordinate: number; at: number } | null
  if (!found) return null
  const { coordinate, at } = found
  const goesLeft = (row: number) =>
    coordinates[coordinate]!.categories === null
      ? rows[row]![coordinate]! < at
      : rows[row]![coordinate] === at
  return {
    coordinate,
    at,
    left: members.filter(goesLeft),
    right: members.filter((row) => !goesLeft(row)),
  }
}
