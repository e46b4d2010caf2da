/**
 * Functional ANOVA (Hutter et al. 2014): the share of the variance of a forest's prediction over the whole space that
 * one parameter explains alone. 64 trees of depth 64, Optuna's settings; only parameters that every trial has.
 */
import type { Distribution, ParamValue } from '../../../shared/domain/searchSpace'
import { isSingle } from '../../../shared/domain/searchSpace'
import { completeTrials, type History } from '../history'
import { randomStream } from '../random'
import { growTree, type Coordinate, type Leaf } from './forest'
import { normalized, type Importance } from './importance'

const TREES = 64
const SEED = 0

export function fanova(history: History): Importance[] {
  const trials = completeTrials(history)
  const names = Object.keys(history.space).filter((name) => trials.every(({ params }) => name in params))
  const varied = names.filter((name) => !isSingle(history.space[name]!))
  const raw = new Map(names.map((name) => [name, 0]))
  if (trials.length > 1 && varied.length > 0) {
    const coordinates = varied.map((name) => coordinateOf(history.space[name]!))
    const rows = trials.map(({ params }) =>
      Float64Array.from(varied, (name) => unit(history.space[name]!, params[name]!)),
    )
    const y = trials.map(({ value }) => value)
    for (let tree = 0; tree < TREES; tree++) {
      const leaves = growTree(rows, y, coordinates, randomStream(SEED, tree))
      shares(leaves, coordinates).forEach((share, c) =>
        raw.set(varied[c]!, raw.get(varied[c]!)! + share / TREES),
      )
    }
  }
  return normalized(raw)
}

function coordinateOf(distribution: Distribution): Coordinate {
  return { categories: distribution.type === 'categorical' ? distribution.choices.length : null }
}

function unit(distribution: Distribution, value: ParamValue): number {
  if (distribution.type === 'categorical') return distribution.choices.indexOf(value)
  const { low, high, log } = distribution
  const scale = (v: number) => (log ? Math.log(v) : v)
  return (scale(value as number) - scale(low)) / (scale(high) - scale(low))
}

/** Of each coordinate: the variance of its marginal over the variance of the whole tree. */
function shares(leaves: readonly Leaf[], coordinates: readonly Coordinate[]): number[] {
  const sizes = leaves.map(({ cells }) => cells.map((cell, c) => sizeOf(cell, coordinates[c]!)))
  const volumes = sizes.map((own) => own.reduce((a, b) => a * b, 1))
  const mean = leaves.reduce((sum, { value }, i) => sum + value * volumes[i]!, 0)
  const variance = leaves.reduce((sum, { value }, i) => sum + volumes[i]! * (value - mean) ** 2, 0)
  if (!(variance > 0)) return coordinates.map(() => 0)
  return coordinates.map((coordinate, c) => {
    let own = 0
    for (const cell of partition(leaves, coordinate, c)) {
      let marginal = 0
      leaves.forEach(({ value, cells }, i) => {
        if (covers(cells[c]!, cell.at)) marginal += (value * volumes[i]!) / sizes[i]![c]!
      })
      own += cell.size * (marginal - mean) ** 2
    }
    return own / variance
  })
}

function sizeOf(cell: Leaf['cells'][number], { categories }: Coordinate): number {
  return isRange(cell) ? cell[1] - cell[0] : cell.size / categories!
}

function isRange(cell: Leaf['cells'][number]): cell is readonly [number, number] {
  return Array.isArray(cell)
}

function covers(cell: Leaf['cells'][number], at: number): boolean {
  return isRange(cell) ? cell[0] <= at && at < cell[1] : cell.has(at)
}

/** The pieces of a coordinate on which no leaf changes: a point inside, and the size. */
function partition(
  leaves: readonly Leaf[],
  { categories }: Coordinate,
  c: number,
): { at: number; size: number }[] {
  if (categories !== null)
    return Array.from({ length: categories }, (_, at) => ({ at, size: 1 / categories }))
  const cuts = new Set([0, 1])
  for (const { cells } of leaves) {
    const cell = cells[c]!
    if (isRange(cell)) for (const cut of cell) cuts.add(cut)
  }
  const sorted = [...cuts].sort((a, b) => a - b)
  return sorted.slice(1).map((end, i) => ({ at: (sorted[i]! + end) / 2, size: end - sorted[i]! }))
}
