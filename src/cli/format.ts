/** Figures for a terminal. */
import { HEADLINES, metricLabel } from '../shared/domain/metricNames'
import type { EvalMetrics } from '../shared/domain/run'
import type { Problem } from '../shared/domain/tasks'

/** What a run of the task is judged by, then the loss. */
export function figures(metrics: EvalMetrics, problem: Problem): string {
  const known = [...HEADLINES[problem], 'loss'].filter((name) => Number.isFinite(metrics[name]))
  return [...new Set(known)]
    .map((name) => `${metricLabel(name, problem).replace(', ', ' ')} ${figure(metrics[name]!)}`)
    .join(', ')
}

function figure(value: number): string {
  return Math.abs(value) < 100 ? value.toFixed(3) : value.toFixed(1)
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

export function bytes(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} GB`
  return count >= 1e6 ? `${(count / 1e6).toFixed(1)} MB` : `${Math.ceil(count / 1e3)} kB`
}

/** Columns padded to their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function date(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')
}
