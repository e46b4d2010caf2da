/** What a comparison of runs shows: figures, curves, settings that differ. Pure. */
import { evaluationOf, sharedProblem } from '../../../../shared/domain/comparison'
import { metricLabel } from '../../../../shared/domain/metricNames'
import type { RunDetail } from '../../../../shared/domain/run'
import { isSame } from '../../form/fields'
import { formatDuration } from '../../format/duration'
import { formatDifference, formatMetric, isError, isQuality } from '../../format/metric'
import { formatCount, formatSetting } from '../../format/number'
import { durationMs } from './listing'

/** A, B, … Z, AA. */
export function letter(index: number): string {
  return index < 26
    ? String.fromCharCode(65 + index)
    : letter(Math.floor(index / 26) - 1) + letter(index % 26)
}

interface ComparedFigure {
  label: string
  values: string[]
  /** Index of the best run; -1 where there is none or no better and worse. */
  best: number
  difference: string
}

export function comparedFigures(runs: readonly RunDetail[]): ComparedFigure[] {
  const evaluations = runs.map((run) => evaluationOf(run) ?? {})
  const names = [...new Set(evaluations.flatMap((metrics) => Object.keys(metrics).filter(isQuality)))].sort(
    (a, b) => Number(isError(a)) - Number(isError(b)),
  )
  const problem = sharedProblem(runs)
  const metrics = names.map((name): ComparedFigure => {
    const values = evaluations.map((e) => e[name])
    const [a, b] = values
    return {
      label: name === 'loss' ? 'eval_loss' : metricLabel(name, problem),
      values: values.map((value) => formatMetric(name, value)),
      // Figures of different problems are not better or worse than each other.
      best: problem === null ? -1 : bestIndex(values, isError(name)),
      difference: problem !== null && a !== undefined && b !== undefined ? formatDifference(name, b - a) : '',
    }
  })
  const now = Date.now()
  return [
    ...metrics,
    plain(
      'time',
      runs.map((run) => formatDuration(durationMs(run, now))),
    ),
    plain(
      'steps',
      runs.map((run) => formatCount(run.step)),
    ),
  ]
}

function plain(label: string, values: string[]): ComparedFigure {
  return { label, values, best: -1, difference: '' }
}

function bestIndex(values: readonly (number | undefined)[], lowerIsBetter: boolean): number {
  if (new Set(values).size < 2) return -1
  let best = -1
  values.forEach((value, i) => {
    if (value === undefined) return
    const champion = values[best]
    if (champion === undefined || (lowerIsBetter ? value < champion : value > champion)) best = i
  })
  return best
}

export function differingSettings(runs: readonly RunDetail[]): {
  rows: { name: string; values: string[] }[]
  equal: number
} {
  const configs = runs.map((run) => run.config as unknown as Record<string, unknown>)
  const names = [...new Set(configs.flatMap((config) => Object.keys(config)))]
  const differing = names.filter((name) => configs.some((config) => !isSame(config[name], configs[0]![name])))
  return {
    rows: differing.map((name) => ({ name, values: configs.map((config) => formatSetting(config[name])) })),
    equal: names.length - differing.length,
  }
}
