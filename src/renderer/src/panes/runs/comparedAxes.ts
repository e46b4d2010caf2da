/** What tells compared runs apart as axes: settings that vary, then figures; what is the same in all is left out. Pure. */
import { comparedFigures, differingSettings, sharedProblem } from '../../../../shared/domain/comparison'
import { metricLabel } from '../../../../shared/domain/metricNames'
import type { RunDetail } from '../../../../shared/domain/run'
import type { Brushes, ParallelAxis } from '../../components/charts/parallel'
import { formatMetric } from '../../format/metric'
import { formatSetting, MISSING } from '../../format/number'

export interface ComparedAxis extends ParallelAxis {
  isFigure: boolean
  /** The values where they are numbers. */
  values: readonly (number | null)[]
  /** Where each run lies, from 0 at the bottom to 1. */
  places: readonly (number | null)[]
  texts: readonly string[]
}

/** Beyond this ratio positive numbers lie on a logarithmic axis. */
const LOG_RATIO = 20
const MOST_TICKS = 6
/** Part of the axis between two texts. */
const LEAST_GAP = 0.08

export function comparedAxes(runs: readonly RunDetail[]): ComparedAxis[] {
  const problem = sharedProblem(runs)
  const settings = differingSettings(runs).rows.filter(
    ({ name }) => name !== 'run_name' && name !== 'output_dir',
  )
  const figures = comparedFigures(runs).filter(
    ({ values }) => new Set(values.filter((value) => value !== null)).size > 1,
  )
  return [
    ...settings.map(({ name, values }) => axisOf(name, name, false, values, formatSetting)),
    ...figures.map(({ metric, values }) =>
      axisOf(
        `eval_${metric}`,
        metric === 'loss' ? 'eval_loss' : metricLabel(metric, problem),
        true,
        values,
        (value) => formatMetric(metric, value as number),
      ),
    ),
  ]
}

function axisOf(
  name: string,
  label: string,
  isFigure: boolean,
  raw: readonly unknown[],
  format: (value: unknown) => string,
): ComparedAxis {
  const texts = raw.map((value) => (value === null ? MISSING : format(value)))
  const numbers = raw.map((value) => (typeof value === 'number' && Number.isFinite(value) ? value : null))
  const isNumeric = raw.every((value) => value === null || typeof value === 'number')
  const scale = isNumeric ? numberScale(numbers, format) : categoryScale(raw, texts)
  return { name, label, isFigure, values: numbers, texts, ...scale }
}

type Scale = Pick<ComparedAxis, 'places' | 'ticks'>

function numberScale(values: readonly (number | null)[], format: (value: unknown) => string): Scale {
  const known = values.filter((value) => value !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const isLog = low > 0 && high / low >= LOG_RATIO
  const along = (value: number): number => (isLog ? Math.log(value) : value)
  const place = (value: number): number =>
    high === low ? 0.5 : (along(value) - along(low)) / (along(high) - along(low))
  const distinct = [...new Set(known)].sort((a, b) => a - b)
  const inner = distinct.length <= MOST_TICKS ? distinct.slice(1, -1) : []
  const shown = [...new Set([low, ...apart(inner, place), high])]
  return {
    places: values.map((value) => (value === null ? null : place(value))),
    ticks: shown.map((value) => [place(value), format(value)] as const),
  }
}

/** Those that keep clear of each other and of both ends. */
function apart(ascending: readonly number[], place: (value: number) => number): number[] {
  const kept: number[] = []
  for (const value of ascending) {
    const before = kept.length === 0 ? 0 : place(kept.at(-1)!)
    if (place(value) - before >= LEAST_GAP && 1 - place(value) >= LEAST_GAP) kept.push(value)
  }
  return kept
}

/** In the order of their texts, evenly apart. */
function categoryScale(raw: readonly unknown[], texts: readonly string[]): Scale {
  const names = [...new Set(texts.filter((_, i) => raw[i] !== null))].sort()
  const place = (text: string): number => (names.length < 2 ? 0.5 : names.indexOf(text) / (names.length - 1))
  return {
    places: texts.map((text, i) => (raw[i] === null ? null : place(text))),
    ticks: names.slice(0, 2 * MOST_TICKS).map((text) => [place(text), text] as const),
  }
}

/** Whether each run lies inside every brush; one without a value lies in none. */
export function brushed(axes: readonly ComparedAxis[], brushes: Brushes, runs: number): boolean[] {
  return Array.from({ length: runs }, (_, i) =>
    axes.every(({ name, places }) => {
      const brush = brushes[name]
      if (!brush) return true
      const place = places[i] ?? null
      return place !== null && place >= brush[0] - 1e-9 && place <= brush[1] + 1e-9
    }),
  )
}
