/** Every combination once, in a seeded order. A float without a step is cut into `points` values. */
import {
  isActive,
  type Distribution,
  type Params,
  type ParamValue,
  type SearchSpace,
} from '../../../shared/domain/searchSpace'
import { UserError } from '../../../shared/errors'
import { randomStream, shuffled } from '../random'
import { valueAt, type Sampler } from './sampler'

export interface GridOptions {
  /** Values of a parameter that has no step of its own. */
  points: number
}

const PURPOSE = 3
const MOST = 100_000

export function gridSampler(seed: number, { points }: GridOptions): Sampler {
  const grids = new WeakMap<SearchSpace, Params[]>()
  const gridOf = (space: SearchSpace) => {
    const grid = grids.get(space) ?? shuffled(combinations(space, points), randomStream(seed, PURPOSE))
    grids.set(space, grid)
    return grid
  }
  return {
    suggest({ space }, number) {
      const grid = gridOf(space)
      return grid[number % grid.length]!
    },
    size: (space) => gridOf(space).length,
  }
}

/** @throws UserError `bad-config` where there are more than anyone can try */
function combinations(space: SearchSpace, points: number): Params[] {
  let all: Params[] = [{}]
  for (const [name, distribution] of Object.entries(space)) {
    const values = gridValues(distribution, points)
    all = all.flatMap((params) =>
      isActive(distribution, params) ? values.map((value) => ({ ...params, [name]: value })) : [params],
    )
    if (all.length > MOST)
      throw new UserError('bad-config', `The grid has more than ${MOST} combinations.`, {
        where: { field: `space.${name}` },
        hint: 'Use fewer values, or another sampler.',
      })
  }
  return all
}

function gridValues(distribution: Distribution, points: number): ParamValue[] {
  if (distribution.type === 'categorical') return [...distribution.choices]
  const { low, high, step, log } = distribution
  const steps = step === null ? Infinity : Math.round((high - low) / step) + 1
  const isFine = distribution.type === 'float' ? step === null : log
  const count = isFine ? Math.min(points, steps) : steps
  if (count > MOST) return Array.from({ length: MOST + 1 }, () => low)
  if (!isFine) return Array.from({ length: count }, (_, i) => valueAt(distribution, (i + 0.5) / count))
  const [from, to] = log ? [Math.log(low), Math.log(high)] : [low, high]
  const values = Array.from({ length: count }, (_, i) => {
    const scaled = count === 1 ? (from + to) / 2 : from + (i * (to - from)) / (count - 1)
    const value = Math.min(high, Math.max(low, log ? Math.exp(scaled) : scaled))
    return distribution.type === 'int' ? Math.round(value) : Number(value.toPrecision(12))
  })
  return [...new Set(values)]
}
