/** A sampler proposes the parameters of the next trial; it keeps nothing between two proposals. */
import {
  isActive,
  isSingle,
  type Distribution,
  type Params,
  type ParamValue,
  type SearchSpace,
} from '../../../shared/domain/searchSpace'
import type { History } from '../history'
import { onGrid } from '../parzen'
import type { Random } from '../random'

export interface Sampler {
  /**
   * Values for every parameter that is active. The history is that of the other trials; running ones count as the
   * sampler likes. A pure function of its arguments and the sampler's seed.
   */
  suggest(history: History, number: number): Params
  /** How many different trials there are, where that is few enough to be all tried (grid). */
  size?(space: SearchSpace): number
}

/** Walks the space in order: `known` values are kept, the rest of the active parameters is chosen by `choose`. */
export function complete(
  space: SearchSpace,
  known: Params,
  choose: (name: string, distribution: Distribution, soFar: Params) => ParamValue,
): Params {
  const params: Record<string, ParamValue> = {}
  for (const [name, distribution] of Object.entries(space))
    if (isActive(distribution, params)) params[name] = known[name] ?? choose(name, distribution, params)
  return params
}

/** The value at `u` in [0, 1): uniform on the parameter's own scale, discrete values all equally likely. */
export function valueAt(distribution: Distribution, u: number): ParamValue {
  if (distribution.type === 'categorical') {
    const { choices } = distribution
    return choices[Math.min(choices.length - 1, Math.floor(u * choices.length))]!
  }
  const { low, high, log, step } = distribution
  if (isSingle(distribution)) return low
  const half = (step ?? 0) / 2
  if (!log) return onGrid(distribution, low - half + u * (high - low + 2 * half))
  const [from, to] = [Math.log(low - half), Math.log(high + half)]
  return onGrid(distribution, Math.exp(from + u * (to - from)))
}

export function uniformValue(distribution: Distribution, random: Random): ParamValue {
  return valueAt(distribution, random())
}
