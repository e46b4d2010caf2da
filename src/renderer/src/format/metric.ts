/** Evaluation figures: how each is called, written and compared. */
import { HEADLINES, metricKind, metricLabel } from '../../../shared/domain/metricNames'
import type { EvalMetrics } from '../../../shared/domain/run'
import type { Problem } from '../../../shared/domain/tasks'
import { formatPoints, formatRate, formatReal, formatScore } from './number'

/** Runtime figures that come with an evaluation but judge nothing. */
const RUNTIME = /runtime|per_second|steps_per|epoch/

export function isQuality(name: string): boolean {
  return !RUNTIME.test(name)
}

/** Losses, errors, perplexities: less is better, and they have no upper end. */
export function isError(name: string): boolean {
  return metricKind(name) === 'error'
}

export function formatMetric(name: string, value: number | null | undefined): string {
  if (name.includes('per_second')) return formatRate(value)
  return isError(name) || (value !== null && value !== undefined && Math.abs(value) > 1)
    ? formatReal(value)
    : formatScore(value)
}

/** A difference of scores in points, of errors as it is, with its sign. */
export function formatDifference(name: string, difference: number): string {
  if (!isError(name)) return formatPoints(difference)
  return `${difference > 0 ? '+' : ''}${formatReal(difference)}`
}

export interface Headline {
  name: string
  label: string
  value: number
}

/** The figures a run is judged by, those that were measured; else its first score, else the loss. */
export function headlines(metrics: EvalMetrics | null, problem: Problem): Headline[] {
  if (!metrics) return []
  const names = Object.keys(metrics).filter(isQuality)
  const judged = HEADLINES[problem].filter((name) => names.includes(name))
  const found = judged.length > 0 ? judged : [names.find((name) => !isError(name)) ?? names[0]]
  return found
    .filter((name) => name !== undefined)
    .map((name) => ({ name, label: metricLabel(name, problem), value: metrics[name]! }))
}

export function headline(metrics: EvalMetrics | null, problem: Problem): Headline | null {
  return headlines(metrics, problem)[0] ?? null
}
