/**
 * The Parzen estimator of TPE: a mixture with one product kernel an observation, and one for the prior. Parameters and
 * densities equal Optuna 5's `_ParzenEstimator` with its defaults (prior weight 1, magic clip, no endpoints).
 */
import {
  isSingle,
  type NumericDistribution,
  type Params,
  type SearchSpace,
} from '../../shared/domain/searchSpace'
import { LOG_SQRT_2PI, logNormalMass, normalCdf, normalQuantile } from './math/normal'
import type { Random } from './random'

const PRIOR_WEIGHT = 1

/** Kernels of one numeric parameter, in its own scale (logarithms where it is logarithmic). */
export interface NumericKernels {
  readonly kind: 'numeric'
  readonly distribution: NumericDistribution
  readonly low: number
  readonly high: number
  readonly mus: Float64Array
  readonly sigmas: Float64Array
}

export interface CategoricalKernels {
  readonly kind: 'categorical'
  readonly choices: readonly Params[string][]
  /** [kernels, choices]: probability of each choice. */
  readonly probabilities: Float64Array
}

export type Kernels = NumericKernels | CategoricalKernels

export class ParzenEstimator {
  /** Of the kernels, the prior's last; they sum to 1. */
  readonly weights: Float64Array
  readonly kernels: ReadonlyMap<string, Kernels>

  /** @param observations trials that have all parameters of `space`, oldest first */
  constructor(observations: readonly Params[], space: SearchSpace) {
    this.weights = mixtureWeights(observations.length)
    this.kernels = new Map(
      Object.entries(space).map(([name, distribution]) => {
        const values = observations.map((params) => params[name]!)
        return [
          name,
          distribution.type === 'categorical'
            ? categoricalKernels(distribution.choices, values)
            : numericKernels(distribution, values as number[]),
        ]
      }),
    )
  }

  sample(random: Random): Params {
    const kernel = pick(this.weights, 0, this.weights.length, random())
    return Object.fromEntries(
      Array.from(this.kernels, ([name, own]) => [
        name,
        own.kind === 'numeric' ? sampleNumeric(own, kernel, random()) : sampleChoice(own, kernel, random()),
      ]),
    )
  }

  /** Log density of each point. */
  logPdf(points: readonly Params[]): Float64Array {
    const base = this.weights.map((weight) => Math.log(weight))
    for (const own of this.kernels.values()) if (own.kind === 'numeric') subtractNorms(own, base)
    const sums = points.map(() => base.slice())
    for (const [name, own] of this.kernels) {
      const values = points.map((point) => point[name]!)
      if (own.kind === 'categorical') addChoices(own, values, sums)
      else if (own.distribution.step === null) addDensities(own, values as number[], sums)
      else addMasses(own, own.distribution.step, values as number[], sums)
    }
    return Float64Array.from(sums, logSumExp)
  }
}

/** Newest 25 weigh 1; older ones ramp up from 1/n (Optuna's default weights). The prior's follows. */
export function mixtureWeights(observations: number): Float64Array {
  const weights = new Float64Array(observations + 1).fill(1)
  const ramp = observations - 25
  for (let i = 0; i < ramp; i++) {
    const start = 1 / observations
    weights[i] = ramp === 1 ? start : start + (i * (1 - start)) / (ramp - 1)
  }
  weights[observations] = PRIOR_WEIGHT
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}

function categoricalKernels(
  choices: readonly Params[string][],
  values: readonly Params[string][],
): CategoricalKernels {
  const [rows, columns] = [values.length + 1, choices.length]
  const prior = PRIOR_WEIGHT / rows
  const probabilities = new Float64Array(rows * columns).fill(1 / columns)
  values.forEach((value, row) => {
    const observed = choices.indexOf(value)
    const sum = prior * columns + 1
    for (let c = 0; c < columns; c++)
      probabilities[row * columns + c] = (prior + (c === observed ? 1 : 0)) / sum
  })
  return { kind: 'categorical', choices, probabilities }
}

/** The bandwidth of a kernel is its distance to the farther neighbour, clipped by Bergstra's "magic" bounds. */
function numericKernels(distribution: NumericDistribution, values: readonly number[]): NumericKernels {
  const { low, high } = scaledRange(distribution)
  const count = values.length
  const mus = new Float64Array(count + 1)
  values.forEach((value, i) => (mus[i] = distribution.log ? Math.log(value) : value))
  const sorted = mus.slice(0, count).sort()
  const sigmas = new Float64Array(count + 1)
  const smallest = (high - low) / Math.min(100, 1 + (count + 1))
  // Place of each value among the sorted; equal ones in the order of the trials.
  const taken = new Uint32Array(count)
  for (let k = 0; k < count; k++) {
    const own = mus[k]!
    const first = lowerBound(sorted, own)
    const i = first + taken[first]!++
    const left = own - (i === 0 ? low : sorted[i - 1]!)
    const right = (i === count - 1 ? high : sorted[i + 1]!) - own
    let sigma = Math.max(left, right)
    if (count >= 2 && i === 0) sigma = right
    if (count >= 2 && i === count - 1) sigma = left
    sigmas[k] = Math.min(high - low, Math.max(smallest, sigma))
  }
  mus[count] = 0.5 * (low + high)
  sigmas[count] = high - low
  return { kind: 'numeric', distribution, low, high, mus, sigmas }
}

/** Index of the first that is not below `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (sorted[middle]! < value) from = middle + 1
    else to = middle
  }
  return from
}

/** The range on the scale of the kernels; discrete values own half a step to each side. */
function scaledRange({ low, high, step, log }: NumericDistribution): { low: number; high: number } {
  const half = (step ?? 0) / 2
  return log
    ? { low: Math.log(low - half), high: Math.log(high + half) }
    : { low: low - half, high: high + half }
}

function sampleNumeric(
  { distribution, low, high, mus, sigmas }: NumericKernels,
  kernel: number,
  u: number,
): number {
  const [mu, sigma] = [mus[kernel]!, sigmas[kernel]!]
  const [below, upTo] = [normalCdf((low - mu) / sigma), normalCdf((high - mu) / sigma)]
  const drawn = Math.min(high, Math.max(low, mu + sigma * normalQuantile(below + u * (upTo - below))))
  return onGrid(distribution, distribution.log ? Math.exp(drawn) : drawn)
}

/** The nearest value that the distribution has. */
export function onGrid({ type, low, high, step }: NumericDistribution, value: number): number {
  const snapped = step === null ? value : low + Math.round((value - low) / step) * step
  const inside = Math.min(high, Math.max(low, snapped))
  return type === 'int' ? Math.round(inside) : step === null ? inside : Number(inside.toPrecision(12))
}

function sampleChoice(
  { choices, probabilities }: CategoricalKernels,
  kernel: number,
  u: number,
): Params[string] {
  return choices[pick(probabilities, kernel * choices.length, choices.length, u)]!
}

/** Index within [start, start + count) drawn with these probabilities. */
function pick(probabilities: Float64Array, start: number, count: number, u: number): number {
  let sum = 0
  for (let i = 0; i < count - 1; i++) {
    sum += probabilities[start + i]!
    if (u < sum) return i
  }
  return count - 1
}

/** Of a truncated normal: the mass inside the range, and the width where the value is continuous. */
function subtractNorms({ distribution, mus, sigmas, low, high }: NumericKernels, base: Float64Array): void {
  const isContinuous = distribution.step === null
  for (let k = 0; k < mus.length; k++) {
    const [mu, sigma] = [mus[k]!, sigmas[k]!]
    base[k]! -= logNormalMass((low - mu) / sigma, (high - mu) / sigma)
    if (isContinuous) base[k]! -= Math.log(sigma) + LOG_SQRT_2PI
  }
}

function addDensities(own: NumericKernels, values: readonly number[], sums: readonly Float64Array[]): void {
  const { distribution, mus, sigmas } = own
  const precisions = sigmas.map((sigma) => -0.5 / (sigma * sigma))
  values.forEach((value, p) => {
    const [sum, x] = [sums[p]!, distribution.log ? Math.log(value) : value]
    for (let k = 0; k < mus.length; k++) sum[k]! += (x - mus[k]!) ** 2 * precisions[k]!
  })
}

/** A discrete value has the mass of its cell. */
function addMasses(
  own: NumericKernels,
  step: number,
  values: readonly number[],
  sums: readonly Float64Array[],
): void {
  const { distribution, mus, sigmas } = own
  const scale = (value: number) => (distribution.log ? Math.log(value) : value)
  const masses = new Map<number, Float64Array>()
  const twin = sameKernels(own)
  values.forEach((value, p) => {
    const [left, right] = [scale(value - step / 2), scale(value + step / 2)]
    let mass = masses.get(value)
    if (!mass) {
      mass = new Float64Array(mus.length)
      for (let k = 0; k < mus.length; k++)
        mass[k] =
          twin[k]! < k
            ? mass[twin[k]!]!
            : logNormalMass((left - mus[k]!) / sigmas[k]!, (right - mus[k]!) / sigmas[k]!)
      masses.set(value, mass)
    }
    const sum = sums[p]!
    for (let k = 0; k < mus.length; k++) sum[k]! += mass[k]!
  })
}

function addChoices(
  own: CategoricalKernels,
  values: readonly Params[string][],
  sums: readonly Float64Array[],
): void {
  const columns = own.choices.length
  const logs = own.probabilities.map(Math.log)
  values.forEach((value, p) => {
    const [sum, choice] = [sums[p]!, own.choices.indexOf(value)]
    for (let k = 0; k < sum.length; k++) sum[k]! += logs[k * columns + choice]!
  })
}

/** For each kernel the first one with the same mu and sigma: discrete parameters have few different ones. */
function sameKernels({ mus, sigmas }: NumericKernels): Uint32Array {
  const first = new Map<number, Map<number, number>>()
  return Uint32Array.from(mus, (mu, k) => {
    const bySigma = first.get(mu) ?? new Map<number, number>()
    first.set(mu, bySigma)
    const known = bySigma.get(sigmas[k]!)
    if (known === undefined) bySigma.set(sigmas[k]!, k)
    return known ?? k
  })
}

function logSumExp(values: Float64Array): number {
  let largest = -Infinity
  for (const value of values) largest = Math.max(largest, value)
  if (largest === -Infinity) return -Infinity
  let sum = 0
  for (const value of values) sum += Math.exp(value - largest)
  return Math.log(sum) + largest
}

/** Parameters of a space that leave a choice. */
export function withoutSingles(space: SearchSpace): SearchSpace {
  return Object.fromEntries(Object.entries(space).filter(([, distribution]) => !isSingle(distribution)))
}
