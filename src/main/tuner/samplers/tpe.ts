/**
 * Tree-structured Parzen estimator (Bergstra et al. 2011; Watanabe 2023) with the defaults of Optuna 5's TPESampler:
 * 10 random trials first, 24 candidates, multivariate, constant liar. Same split, estimators and densities; the random
 * stream is ours.
 */
import type { Params, SearchSpace } from '../../../shared/domain/searchSpace'
import { lastStep, lossSign, type History, type Trial } from '../history'
import { ParzenEstimator, withoutSingles } from '../parzen'
import { randomStream, type Random } from '../random'
import { complete, uniformValue, type Sampler } from './sampler'

export interface TpeOptions {
  n_startup_trials: number
  n_ei_candidates: number
  /** One estimator over all parameters instead of one for each. */
  multivariate: boolean
  /** Conditional parameters that belong together are drawn together (needs multivariate). */
  group: boolean
  /** Running trials count as bad ones, so that parallel trials keep apart. */
  constant_liar: boolean
}

const PURPOSE = 2

export function tpeSampler(seed: number, options: TpeOptions): Sampler {
  return {
    suggest(history, number) {
      const random = randomStream(seed, PURPOSE, number)
      const { space } = history
      const ended = history.trials.filter(isEnded)
      if (ended.length < options.n_startup_trials)
        return complete(space, {}, (_, distribution) => uniformValue(distribution, random))
      const { below, above } = splitTrials(
        history,
        options.constant_liar ? history.trials.filter((t) => isEnded(t) || t.state === 'running') : ended,
      )
      const draw = (part: SearchSpace) => bestCandidate(below, above, part, options.n_ei_candidates, random)
      let known: Params = {}
      for (const part of options.multivariate ? jointSpaces(space, options.group) : [])
        known = { ...known, ...draw(part) }
      return complete(space, known, (name, distribution) => {
        const own = withoutSingles({ [name]: distribution })
        return Object.keys(own).length === 0 ? uniformValue(distribution, random) : draw(own)[name]!
      })
    },
  }
}

function isEnded(trial: Trial): boolean {
  return trial.state === 'complete' || trial.state === 'pruned'
}

/** Optuna's default gamma: the best tenth, at most 25. */
export function gamma(trials: number): number {
  return Math.min(Math.ceil(0.1 * trials), 25)
}

/** Good and bad trials: complete ones rank by value, then pruned ones by how far and how well they got. */
export function splitTrials(history: History, trials: readonly Trial[]): { below: Trial[]; above: Trial[] } {
  const sign = lossSign(history.direction)
  const count = gamma(trials.filter((trial) => trial.state !== 'running').length)
  const best: { trial: Trial; rank: Rank }[] = []
  for (const trial of trials) {
    if (trial.state === 'running') continue
    const rank = rankOf(trial, sign)
    let at = best.length
    while (at > 0 && isBefore(rank, best[at - 1]!.rank)) at--
    if (at < count) best.splice(at, 0, { trial, rank })
    if (best.length > count) best.pop()
  }
  const chosen = new Set(best.map(({ trial }) => trial))
  return {
    below: trials.filter((trial) => chosen.has(trial)),
    above: trials.filter((trial) => !chosen.has(trial)),
  }
}

type Rank = readonly [isPruned: number, first: number, second: number]

function rankOf(trial: Trial, sign: number): Rank {
  if (trial.state === 'complete') return [0, sign * trial.value!, 0]
  const step = lastStep(trial)
  if (step === null) return [1, 1, 0]
  const value = trial.intermediate.get(step)!
  return [1, -step, Number.isNaN(value) ? Infinity : sign * value]
}

function isBefore(a: Rank, b: Rank): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]!
  return false
}

/** Parameters that every trial has, and with `group` also each set that shares its condition. */
function jointSpaces(space: SearchSpace, group: boolean): SearchSpace[] {
  const groups = new Map<string, Record<string, SearchSpace[string]>>()
  for (const [name, distribution] of Object.entries(withoutSingles(space))) {
    if (distribution.when && !group) continue
    const key = JSON.stringify(distribution.when ?? null)
    groups.set(key, { ...groups.get(key), [name]: distribution })
  }
  return [...groups.values()]
}

/** Of candidates drawn where the good trials are dense, the one where the bad ones are rarest by comparison. */
function bestCandidate(
  below: readonly Trial[],
  above: readonly Trial[],
  space: SearchSpace,
  candidates: number,
  random: Random,
): Params {
  const good = new ParzenEstimator(observations(below, space), space)
  const bad = new ParzenEstimator(observations(above, space), space)
  const drawn = Array.from({ length: candidates }, () => good.sample(random))
  const [goodLog, badLog] = [good.logPdf(drawn), bad.logPdf(drawn)]
  let best = 0
  for (let i = 1; i < candidates; i++) if (goodLog[i]! - badLog[i]! > goodLog[best]! - badLog[best]!) best = i
  return drawn[best]!
}

function observations(trials: readonly Trial[], space: SearchSpace): Params[] {
  const names = Object.keys(space)
  return trials
    .map(({ params }) => params)
    .filter((params) => names.every((name) => params[name] !== undefined))
}
