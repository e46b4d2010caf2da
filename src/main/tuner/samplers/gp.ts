/**
 * Gaussian process with log expected improvement (Ament et al. 2023), after Optuna 5's GPSampler. A decision fits the
 * process anew to at most 120 trials (the best 40 and the newest), so that it takes tens of milliseconds however long
 * the study; the studio asks for it in the jobs worker. Conditional parameters are drawn at random.
 */
import type { Distribution, Params, SearchSpace } from '../../../shared/domain/searchSpace'
import { fitKernel, GaussianProcess, type Points } from '../gaussianProcess'
import { completeTrials, lossSign, type History, type Trial } from '../history'
import { logExpectedImprovement, normalQuantile } from '../math/normal'
import { Sobol } from '../math/sobol'
import { withoutSingles } from '../parzen'
import { randomStream, type Random } from '../random'
import { complete, uniformValue, valueAt, type Sampler } from './sampler'

export interface GpOptions {
  n_startup_trials: number
}

const PURPOSE = 5
const MOST_TRIALS = 120
const BEST_KEPT = 40
const CANDIDATES = 512
const LOCAL = { starts: 5, rounds: 8, tries: 10, radius: 0.2, shrink: 0.6 }

export function gpSampler(seed: number, options: GpOptions): Sampler {
  return {
    suggest(history, number) {
      const random = randomStream(seed, PURPOSE, number)
      const { space } = history
      const joint = jointSpace(space)
      const known = completeTrials(history)
      const isStarting = known.length < options.n_startup_trials || Object.keys(joint).length === 0
      const best = isStarting ? {} : mostPromising(history, activeSet(history, known), joint, random)
      return complete(space, best, (_, distribution) => uniformValue(distribution, random))
    },
  }
}

type Known = Trial & { value: number }

function activeSet(history: History, known: Known[]): Known[] {
  if (known.length <= MOST_TRIALS) return known
  const sign = lossSign(history.direction)
  const ranked = [...known].sort((a, b) => sign * (a.value - b.value))
  const best = ranked.slice(0, BEST_KEPT)
  const rest = known.filter((trial) => !best.includes(trial)).sort((a, b) => b.number - a.number)
  return [...best, ...rest.slice(0, MOST_TRIALS - BEST_KEPT)]
}

interface Search {
  names: string[]
  distributions: Distribution[]
  /** What the objective varies by, a unit of the standardized values. */
  deviation: number
  noise: number
  best: { x: Float64Array; value: number }
}

function mostPromising(
  history: History,
  known: readonly Known[],
  space: SearchSpace,
  random: Random,
): Params {
  const { names, distributions, best } = search(history, known, space, random)
  return Object.fromEntries(names.map((name, d) => [name, valueOf(distributions[d]!, best.x[d]!)]))
}

/** What the most promising point is expected to gain, and the noise between like trials; null without numbers. */
export function bestExpectedGain(history: History, seed: number): { gain: number; noise: number } | null {
  const joint = jointSpace(history.space)
  if (Object.keys(joint).length === 0) return null
  const random = randomStream(seed, PURPOSE, history.trials.length, 1)
  const { best, deviation, noise } = search(
    history,
    activeSet(history, completeTrials(history)),
    joint,
    random,
  )
  return { gain: Math.exp(best.value) * deviation, noise: noise * deviation }
}

function jointSpace(space: SearchSpace): SearchSpace {
  return withoutSingles(
    Object.fromEntries(Object.entries(space).filter(([, distribution]) => !distribution.when)),
  )
}

function search(history: History, known: readonly Known[], space: SearchSpace, random: Random): Search {
  const distributions = Object.values(space)
  const isCategorical = distributions.map(({ type }) => type === 'categorical')
  const names = Object.keys(space)
  const encode = ({ params }: Trial) =>
    Float64Array.from(distributions, (distribution, d) => unitOf(distribution, params[names[d]!]!))
  const { y, deviation } = standardized(known.map((trial) => -lossSign(history.direction) * trial.value))
  const points: Points = { x: known.map(encode), isCategorical }
  const kernel = fitKernel(points, y)
  const fitted = new GaussianProcess(points, kernel, y)
  // Running trials are believed to give what the process expects of them.
  const running = history.trials
    .filter((trial) => trial.state === 'running' && names.every((name) => trial.params[name] !== undefined))
    .map(encode)
  const process =
    running.length === 0
      ? fitted
      : new GaussianProcess(
          { x: [...points.x, ...running], isCategorical },
          kernel,
          Float64Array.from([...y, ...running.map((x) => fitted.predict(x).mean)]),
        )
  const target = Math.max(...y)
  const gain = (x: Float64Array) => {
    const { mean, variance } = process.predict(x)
    const spread = Math.sqrt(Math.max(variance, 1e-18))
    return logExpectedImprovement((mean - target) / spread) + Math.log(spread)
  }
  const best = maximize(gain, distributions, points.x[y.indexOf(target)]!, random)
  return { names, distributions, deviation, noise: Math.sqrt(kernel.noise), best }
}

/** Mean 0 and deviation 1, and what the deviation was. */
function standardized(values: readonly number[]): { y: Float64Array; deviation: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  const deviation = Math.max(spread, 1e-12)
  return { y: Float64Array.from(values, (value) => (value - mean) / deviation), deviation }
}

/** The best of many even points, then steps around the best of those and around the best trial. */
function maximize(
  gain: (x: Float64Array) => number,
  distributions: readonly Distribution[],
  bestTrial: Float64Array,
  random: Random,
): { x: Float64Array; value: number } {
  const snap = (x: Float64Array) => x.map((u, d) => unitOf(distributions[d]!, valueOf(distributions[d]!, u)))
  const sobol = new Sobol(distributions.length, random)
  const drawn = Array.from({ length: CANDIDATES }, (_, i) =>
    snap(
      sobol.at(i).map((u, d) => {
        const distribution = distributions[d]!
        return distribution.type === 'categorical' ? Math.floor(u * distribution.choices.length) : u
      }),
    ),
  )
  const ranked = [bestTrial, ...drawn].map((x) => ({ x, value: gain(x) })).sort((a, b) => b.value - a.value)
  const starts = ranked.slice(0, LOCAL.starts)
  if (!starts.some(({ x }) => x === bestTrial)) starts.push({ x: bestTrial, value: gain(bestTrial) })
  for (const start of starts)
    for (let round = 0, radius = LOCAL.radius; round < LOCAL.rounds; round++, radius *= LOCAL.shrink)
      for (let i = 0; i < LOCAL.tries; i++) {
        const x = snap(neighbour(start.x, distributions, radius, random))
        const value = gain(x)
        if (value > start.value) Object.assign(start, { x, value })
      }
  return starts.reduce((a, b) => (b.value > a.value ? b : a))
}

function neighbour(
  x: Float64Array,
  distributions: readonly Distribution[],
  radius: number,
  random: Random,
): Float64Array {
  const always = Math.floor(random() * x.length)
  return x.map((value, d) => {
    const distribution = distributions[d]!
    if (d !== always && random() < 0.5) return value
    if (distribution.type === 'categorical') return Math.floor(random() * distribution.choices.length)
    return Math.min(1, Math.max(0, value + radius * normalQuantile(random())))
  })
}

/** A parameter's value on [0, 1] (its index where categorical), and back. */
function unitOf(distribution: Distribution, value: Params[string]): number {
  if (distribution.type === 'categorical') return distribution.choices.indexOf(value)
  const { low, high, log, step } = distribution
  const half = (step ?? 0) / 2
  const scale = (v: number) => (log ? Math.log(v) : v)
  return (scale(value as number) - scale(low - half)) / (scale(high + half) - scale(low - half))
}

function valueOf(distribution: Distribution, unit: number): Params[string] {
  return distribution.type === 'categorical' ? distribution.choices[unit]! : valueAt(distribution, unit)
}
