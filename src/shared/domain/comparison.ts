/** What two or more runs share and where they differ: figures with the best marked, settings, verdicts. Pure. */
import type { RunId } from '../ids'
import { isGreaterBetter, metricKind } from './metricNames'
import type { EvalMetrics, RunDetail, RunSummary } from './run'
import type { Verdict } from './significance'
import type { Problem } from './tasks'

/** Runs a comparison takes at most. */
export const MOST_COMPARED = 50

/** Figures that come with an evaluation and judge speed, not the model. */
const RUNTIME = /runtime|per_second|steps_per|epoch/

/** A, B, … Z, AA. */
export function letter(index: number): string {
  return index < 26
    ? String.fromCharCode(65 + index)
    : letter(Math.floor(index / 26) - 1) + letter(index % 26)
}

export interface ComparedFigure {
  metric: string
  /** A run each; null where it was not measured. */
  values: (number | null)[]
  /** Indices of the best, several where they are equal; empty where all are, or none can be called better. */
  best: number[]
}

/** One run against the first of those compared. */
export interface Judgement {
  run: RunId
  reference: RunId
  verdicts: Verdict[]
  /** Why nothing, or not more, can be said. */
  note: string | null
}

/** The problem all runs solve; `null` where they solve different ones. */
export function sharedProblem(runs: readonly Pick<RunSummary, 'problem'>[]): Problem | null {
  const [first] = runs
  return first && runs.every((run) => run.problem === first.problem) ? first.problem : null
}

/** What a run is compared by: its best evaluation, else its last. */
export function evaluationOf(run: Pick<RunSummary, 'bestEval' | 'lastEval'>): EvalMetrics | null {
  return run.bestEval ?? run.lastEval
}

/** Scores first, then losses and errors, each in the order the runs tell them. */
export function comparedFigures(runs: readonly RunSummary[]): ComparedFigure[] {
  const evaluations = runs.map((run) => evaluationOf(run) ?? {})
  const names = [...new Set(evaluations.flatMap((metrics) => Object.keys(metrics)))]
    .filter((name) => !RUNTIME.test(name))
    .sort((a, b) => Number(metricKind(a) === 'error') - Number(metricKind(b) === 'error'))
  const isSameProblem = sharedProblem(runs) !== null
  return names.map((metric) => {
    const values = evaluations.map((metrics) => metrics[metric] ?? null)
    return { metric, values, best: isSameProblem ? bestOf(values, isGreaterBetter(metric)) : [] }
  })
}

function bestOf(values: readonly (number | null)[], isGreater: boolean): number[] {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[]
  const best = isGreater ? Math.max(...known) : Math.min(...known)
  if (known.length < 2 || known.every((value) => value === best)) return []
  return values.flatMap((value, i) => (value === best ? [i] : []))
}

export interface DifferingSettings {
  rows: { name: string; values: unknown[] }[]
  equal: number
}

/** Settings of one run that others have otherwise; a group such as `config_overrides` field by field. */
export function differingSettings(runs: readonly Pick<RunDetail, 'config'>[]): DifferingSettings {
  const configs = runs.map(({ config }) => flat(config))
  const names = [...new Set(configs.flatMap((config) => [...config.keys()]))]
  const rows = names
    .map((name) => ({ name, values: configs.map((config) => config.get(name) ?? null) }))
    .filter(({ values }) => values.some((value) => !isEqual(value, values[0])))
  return { rows, equal: names.length - rows.length }
}

function flat(config: object): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const [name, value] of Object.entries(config) as [string, unknown][])
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [key, inner] of Object.entries(value)) found.set(`${name}.${key}`, inner)
    else found.set(name, value)
  return found
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

/** Settings that name a run or draw its luck: runs that differ in nothing else are one setting, several times. */
const LUCK: ReadonlySet<string> = new Set(['seed', 'data_seed', 'run_name', 'output_dir'])

/** Equal for runs that differ in their seed alone. */
export function settingsKey(config: object): string {
  const kept = [...flat(config)].filter(([name]) => !LUCK.has(name))
  return JSON.stringify(kept.sort(([a], [b]) => (a < b ? -1 : 1)))
}
