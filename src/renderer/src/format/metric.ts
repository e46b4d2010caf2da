/** Evaluation figures: how each is called, written and compared. */
import type { EvalMetrics } from '../../../shared/domain/run'
import { formatPoints, formatRate, formatReal, formatScore } from './number'

/** Runtime figures that come with an evaluation but judge nothing. */
const RUNTIME = /runtime|per_second|steps_per|epoch/

export function isQuality(name: string): boolean {
  return !RUNTIME.test(name)
}

export function isLoss(name: string): boolean {
  return name.endsWith('loss')
}

/** f1_macro → "f1, macro". */
export function metricLabel(name: string): string {
  const match = /^(.+)_(macro|micro|weighted)$/.exec(name)
  return match ? `${match[1]!}, ${match[2]!}` : name
}

export function formatMetric(name: string, value: number | null | undefined): string {
  if (name.includes('per_second')) return formatRate(value)
  return isLoss(name) || (value !== null && value !== undefined && Math.abs(value) > 1)
    ? formatReal(value)
    : formatScore(value)
}

/** A difference of scores in points, of losses as it is, with its sign. */
export function formatDifference(name: string, difference: number): string {
  if (!isLoss(name)) return formatPoints(difference)
  return `${difference > 0 ? '+' : ''}${formatReal(difference)}`
}

/** The figure a run is judged by in lists: accuracy where there is one, else the first score, else the loss. */
export function headline(metrics: EvalMetrics | null): { name: string; value: number } | null {
  if (!metrics) return null
  const names = Object.keys(metrics).filter(isQuality)
  const name = names.find((n) => n === 'accuracy') ?? names.find((n) => !isLoss(n)) ?? names[0]
  return name === undefined ? null : { name, value: metrics[name]! }
}

export function f1Of(metrics: EvalMetrics | null): number | null {
  return metrics?.f1 ?? metrics?.f1_macro ?? metrics?.macro_f1 ?? null
}
