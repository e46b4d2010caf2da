/**
 * PED-ANOVA (Watanabe et al. 2023; conditional parameters as in 2026): how much the distribution of the best tenth of
 * the trials differs from that of all, parameter by parameter. Figures equal Optuna 5's PedAnovaImportanceEvaluator.
 */
import type { Distribution, NumericDistribution, ParamValue } from '../../../shared/domain/searchSpace'
import { isSingle } from '../../../shared/domain/searchSpace'
import { completeTrials, lossSign, type History, type Trial } from '../history'
import { logNormalMass } from '../math/normal'
import { normalized, type Importance } from './importance'

const TARGET_QUANTILE = 0.1
const MOST_CELLS = 50
const LEAST_TRIALS = 2
const TINY = 1e-12

export function pedAnova(history: History): Importance[] {
  const trials = completeTrials(history)
  const names = Object.keys(history.space).filter((name) => trials.some(({ params }) => name in params))
  if (trials.length <= 1) return normalized(new Map(names.map((name) => [name, 0])))
  const best = bestShare(trials, lossSign(history.direction))
  const quantile = best.size / trials.length
  const raw = new Map(
    names.map((name) => {
      const distribution = history.space[name]!
      const having = trials.filter(({ params }) => name in params)
      const good = having.filter((trial) => best.has(trial))
      if (having.length < LEAST_TRIALS || good.length === 0 || isSingle(distribution)) return [name, 0]
      const [shareOfBest, shareOfAll] = [good.length / best.size, having.length / trials.length]
      const divergence = pearsonDivergence(distribution, valuesOf(good, name), valuesOf(having, name))
      return [name, quantile ** 2 * (shareOfBest ** 2 / shareOfAll) * divergence]
    }),
  )
  return normalized(raw)
}

function bestShare(trials: readonly (Trial & { value: number })[], sign: number): Set<Trial> {
  const losses = trials.map(({ value }) => sign * value).sort((a, b) => a - b)
  const cutoff = losses[Math.ceil(TARGET_QUANTILE * losses.length) - 1]!
  return new Set(trials.filter(({ value }) => sign * value <= cutoff))
}

function valuesOf(trials: readonly Trial[], name: string): ParamValue[] {
  return trials.map(({ params }) => params[name]!)
}

function pearsonDivergence(
  distribution: Distribution,
  best: readonly ParamValue[],
  all: readonly ParamValue[],
): number {
  const top = densityOnGrid(distribution, best)
  const local = densityOnGrid(distribution, all)
  return local.reduce((sum, density, cell) => sum + density * (top[cell]! / density - 1) ** 2, 0)
}

/** The probability of each cell of the grid, by a Parzen estimator over the cells. */
function densityOnGrid(distribution: Distribution, values: readonly ParamValue[]): Float64Array {
  const counts =
    distribution.type === 'categorical'
      ? countChoices(distribution.choices, values)
      : countCells(distribution, values as number[])
  const cells = Array.from(counts.keys()).filter((cell) => counts[cell]! > 0)
  const weights = cells.map((cell) => counts[cell]!)
  const total = weights.reduce((a, b) => a + b, 0) + 1
  const density =
    distribution.type === 'categorical'
      ? choiceDensity(counts.length, cells)
      : cellDensity(counts.length, cells, weights)
  const result = new Float64Array(counts.length)
  // The prior is the last kernel, with weight 1.
  for (let cell = 0; cell < counts.length; cell++)
    result[cell] =
      TINY +
      [...weights, 1].reduce((sum, weight, kernel) => sum + (weight / total) * density(cell, kernel), 0)
  return result
}

type KernelDensity = (cell: number, kernel: number) => number

function choiceDensity(choices: number, cells: readonly number[]): KernelDensity {
  const prior = 1 / (cells.length + 1)
  return (cell, kernel) =>
    kernel === cells.length ? 1 / choices : (prior + (cells[kernel] === cell ? 1 : 0)) / (prior * choices + 1)
}

/** Bandwidth by Scott's rule, at least so wide that 90 % of a kernel lie in its own cell. */
function cellDensity(count: number, cells: readonly number[], weights: readonly number[]): KernelDensity {
  const sigma = Math.max(scottBandwidth(cells, weights), 0.5 / 1.64)
  const mus = [...cells, (count - 1) / 2]
  const sigmas = [...cells.map(() => sigma), count]
  const inside = mus.map((mu, k) => logNormalMass((-0.5 - mu) / sigmas[k]!, (count - 0.5 - mu) / sigmas[k]!))
  return (cell, k) =>
    Math.exp(
      logNormalMass((cell - 0.5 - mus[k]!) / sigmas[k]!, (cell + 0.5 - mus[k]!) / sigmas[k]!) - inside[k]!,
    )
}

function scottBandwidth(cells: readonly number[], weights: readonly number[]): number {
  let sum = 0
  const cumulative = weights.map((weight) => (sum += weight))
  const weighted = (of: (cell: number) => number) =>
    cells.reduce((total, cell, i) => total + of(cell) * weights[i]!, 0)
  const mean = weighted((cell) => cell) / sum
  const deviation = Math.sqrt(weighted((cell) => (cell - mean) ** 2) / Math.max(1, sum - 1))
  const firstAt = (isThere: (so: number) => boolean) => {
    const index = cumulative.findIndex(isThere)
    return index < 0 ? cumulative.length : index
  }
  const lower = firstAt((so) => so >= Math.floor(sum / 4))
  const upper = firstAt((so) => so > Math.floor((sum * 3) / 4))
  const range = cells[Math.min(cells.length - 1, upper)]! - cells[lower]!
  return 1.059 * Math.min(range / 1.34, deviation) * sum ** -0.2
}

function countChoices(choices: readonly ParamValue[], values: readonly ParamValue[]): Float64Array {
  const counts = new Float64Array(choices.length)
  for (const value of values) counts[choices.indexOf(value)]!++
  return counts
}

function countCells(distribution: NumericDistribution, values: readonly number[]): Float64Array {
  const { type, log, step } = distribution
  let cells = MOST_CELLS
  if (type === 'int' && log)
    cells = Math.min(cells, Math.ceil(Math.log(distribution.high - distribution.low + 1) / Math.log(2)) + 1)
  else if (step !== null)
    cells = Math.min(cells, Math.round((distribution.high - distribution.low) / step) + 1)
  const scale = (value: number) => (log ? Math.log(value) : value)
  const [low, high] = [scale(distribution.low), scale(distribution.high)]
  const width = (high - low) / (cells - 1)
  const counts = new Float64Array(cells)
  // A value midway between two cells belongs to the lower one.
  for (const value of values)
    counts[Math.min(cells - 1, Math.max(0, Math.ceil((scale(value) - low) / width - 0.5)))]!++
  return counts
}
