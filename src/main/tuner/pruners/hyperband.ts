/** Hyperband (Li et al. 2017): several brackets of successive halving, from eager to patient, side by side. */
import { crc32 } from 'node:zlib'
import { lastStep, type History } from '../history'
import { GO_ON, type Pruner } from './pruner'
import { successiveHalvingPruner } from './successiveHalving'

export interface HyperbandOptions {
  min_resource: number
  /** Longest step of a trial; "auto": that of the first complete trials. */
  max_resource: number | 'auto'
  reduction_factor: number
  bootstrap_count: number
}

interface Bracket {
  pruner: Pruner
  /** Its share of the trials. */
  budget: number
}

export function hyperbandPruner(options: HyperbandOptions): Pruner {
  let brackets: Bracket[] | null =
    options.max_resource === 'auto' ? null : build(options, options.max_resource)
  const ready = (history: History) => {
    brackets ??= fromHistory(options, history)
    return brackets
  }
  const bracketHistory = (history: History, all: readonly Bracket[], bracket: number): History => ({
    ...history,
    trials: history.trials.filter(({ number }) => bracketOf(history.name, number, all) === bracket),
  })
  return {
    decide(history, trial) {
      const all = ready(history)
      if (!all) return GO_ON
      const bracket = bracketOf(history.name, trial.number, all)
      return all[bracket]!.pruner.decide(bracketHistory(history, all, bracket), trial)
    },
    peers(history, number) {
      const all = ready(history)
      return all ? bracketHistory(history, all, bracketOf(history.name, number, all)) : history
    },
  }
}

function fromHistory(options: HyperbandOptions, { trials }: History): Bracket[] | null {
  const steps = trials.flatMap((trial) => (trial.state === 'complete' ? (lastStep(trial) ?? []) : []))
  return steps.length === 0 ? null : build(options, Math.max(...steps) + 1)
}

function build(
  { min_resource, reduction_factor, bootstrap_count }: HyperbandOptions,
  most: number,
): Bracket[] {
  const count = Math.floor(Math.log(most / min_resource) / Math.log(reduction_factor)) + 1
  return Array.from({ length: count }, (_, bracket) => {
    const s = count - 1 - bracket
    return {
      budget: Math.ceil((count * reduction_factor ** s) / (s + 1)),
      pruner: successiveHalvingPruner({
        min_resource,
        reduction_factor,
        min_early_stopping_rate: bracket,
        bootstrap_count,
      }),
    }
  })
}

/** A hash of study and number, so that every process agrees. */
function bracketOf(study: string, number: number, brackets: readonly Bracket[]): number {
  const total = brackets.reduce((sum, { budget }) => sum + budget, 0)
  let left = crc32(`${study}_${number}`) % total
  return brackets.findIndex(({ budget }) => (left -= budget) < 0)
}
