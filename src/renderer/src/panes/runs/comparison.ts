/** A comparison of runs in words: letters for the runs, figures and settings as they are written. Pure. */
import { comparedFigures, differingSettings, sharedProblem } from '../../../../shared/domain/comparison'
import { metricLabel } from '../../../../shared/domain/metricNames'
import type { RunDetail } from '../../../../shared/domain/run'
import { formatDuration } from '../../format/duration'
import { formatDifference, formatMetric } from '../../format/metric'
import { formatCount, formatSetting } from '../../format/number'
import { durationMs } from './listing'

export { letter } from '../../../../shared/domain/comparison'

interface WrittenFigure {
  label: string
  values: string[]
  /** Indices of the best runs. */
  best: number[]
  /** Of the second run from the first; none where they solve different problems. */
  difference: string
}

export function writtenFigures(runs: readonly RunDetail[]): WrittenFigure[] {
  const problem = sharedProblem(runs)
  const metrics = comparedFigures(runs).map(({ metric, values, best }): WrittenFigure => {
    const [a, b] = values
    const canDiffer = problem !== null && typeof a === 'number' && typeof b === 'number'
    return {
      label: metric === 'loss' ? 'eval_loss' : metricLabel(metric, problem),
      values: values.map((value) => formatMetric(metric, value)),
      best,
      difference: canDiffer ? formatDifference(metric, b - a) : '',
    }
  })
  const now = Date.now()
  const times = runs.map((run) => formatDuration(durationMs(run, now)))
  const steps = runs.map((run) => formatCount(run.step))
  return [...metrics, plain('time', times), plain('steps', steps)]
}

function plain(label: string, values: string[]): WrittenFigure {
  return { label, values, best: [], difference: '' }
}

export function writtenSettings(runs: readonly RunDetail[]): {
  rows: { name: string; values: string[] }[]
  equal: number
} {
  const { rows, equal } = differingSettings(runs)
  return { rows: rows.map(({ name, values }) => ({ name, values: values.map(formatSetting) })), equal }
}
