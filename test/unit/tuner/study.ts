// A study without trainings: what the tests of samplers and pruners run.
import type { Params, SearchSpace } from '../../../src/shared/domain/searchSpace'
import { PrunerConfig, SamplerConfig, SPACE, type Direction } from '../../../src/shared/domain/study'
import { lossSign, type History, type Trial } from '../../../src/main/tuner/history'
import { createPruner } from '../../../src/main/tuner/pruners/registry'
import { createSampler } from '../../../src/main/tuner/samplers/registry'

export interface Problem {
  space: SearchSpace
  direction: Direction
  /** The value after each step; the last is the objective. */
  curve: (params: Params) => readonly number[]
}

/** A function of numbers: one step. */
export function problem(space: unknown, f: (params: Record<string, number>) => number): Problem {
  return {
    space: SPACE.parse(space),
    direction: 'minimize',
    curve: (params) => [f(params as Record<string, number>)],
  }
}

/**
 * Trials one after the other until so many steps are spent.
 * @returns the trials, in order
 */
export function runStudy(
  { space, direction, curve }: Problem,
  sampler: unknown,
  seed: number,
  budget: { trials: number } | { steps: number },
  pruner: unknown = { type: 'nop' },
): Trial[] {
  const [propose, judge] = [
    createSampler(SamplerConfig.parse(sampler), seed),
    createPruner(PrunerConfig.parse(pruner)),
  ]
  const trials: Trial[] = []
  const history: History = { name: `study-${seed}`, space, direction, trials }
  let spent = 0
  while ('trials' in budget ? trials.length < budget.trials : spent < budget.steps) {
    const number = trials.length
    const params = propose.suggest(history, number)
    const intermediate = new Map<number, number>()
    let rungs: readonly number[] = []
    const values = curve(params)
    let isPruned = false
    for (let step = 1; step <= values.length && !isPruned; step++) {
      spent++
      intermediate.set(step, values[step - 1]!)
      const decision = judge.decide(history, {
        number,
        state: 'running',
        params,
        value: null,
        intermediate,
        rungs,
      })
      rungs = decision.rungs ?? rungs
      isPruned = decision.prune && step < values.length
    }
    trials.push({
      number,
      state: isPruned ? 'pruned' : 'complete',
      params,
      value: isPruned ? null : values.at(-1)!,
      intermediate,
      rungs,
    })
  }
  return trials
}

export function bestValue(trials: readonly Trial[], direction: Direction): number {
  const sign = lossSign(direction)
  return sign * Math.min(...trials.map(({ value }) => (value === null ? Infinity : sign * value)))
}

/**
 * One-sided Mann–Whitney test that the first sample tends to be smaller: p by the normal approximation with ties
 * corrected, fit for 20 values a side and more.
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): number {
  const [n, m] = [first.length, second.length]
  let u = 0
  for (const a of first) for (const b of second) u += a < b ? 1 : a === b ? 0.5 : 0
  const counts = new Map<number, number>()
  for (const value of [...first, ...second]) counts.set(value, (counts.get(value) ?? 0) + 1)
  const total = n + m
  const ties = [...counts.values()].reduce((sum, t) => sum + t ** 3 - t, 0) / (total * (total - 1))
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - ties))
  const z = (u - (n * m) / 2 - 0.5) / deviation
  return 0.5 * (1 - Math.sign(z) * erf(Math.abs(z) / Math.SQRT2))
}

/** Abramowitz and Stegun 7.1.26, error below 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * x)
  const sum =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return 1 - sum * Math.exp(-x * x)
}
