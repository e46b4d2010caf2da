/** The strip of figures of a run: what it reaches, and at which rate. */
import { HEADLINES, metricLabel } from '../../../../shared/domain/metricNames'
import {
  ENDED_STATES,
  type EvalMetrics,
  type RunDetail,
  type StepMetrics,
} from '../../../../shared/domain/run'
import { formatClock } from '../../format/date'
import { formatDuration } from '../../format/duration'
import { formatDifference, formatMetric, headline, headlines } from '../../format/metric'
import { formatBytes } from '../../format/bytes'
import { formatCount, formatRate, formatReal, plural } from '../../format/number'
import type { Figure } from '../base/figure'

export function runFigures(detail: RunDetail, lastStep: StepMetrics | null): Figure[] {
  const evaluations = detail.evaluations
  const last = evaluations.at(-1)
  const before = evaluations.at(-2)
  const metrics = last?.metrics ?? detail.lastEval
  return [
    judgedFigure(detail, metrics, last?.step ?? null, before?.metrics ?? null),
    secondFigure(detail, metrics),
    lossFigure(detail, metrics),
    {
      label: 'loss',
      value: formatReal(lastStep?.loss ?? detail.lastLoss),
      detail: `mean of ${plural(detail.config.logging_steps, 'step')}`,
    },
    {
      label: 'rate',
      value: formatRate(lastStep?.samples_per_second ?? detail.samplesPerSecond),
      unit: 'rows/s',
      detail: rateDetail(detail, lastStep),
      optional: true,
    },
    ...(ENDED_STATES.includes(detail.state) ? [] : [resumePointFigure(detail)]),
  ]
}

/** What an interruption now would fall back to. */
function resumePointFigure({ checkpoints }: RunDetail): Figure {
  const newest = checkpoints.find(({ kind }) => kind !== 'final')
  return {
    label: 'resume point',
    value: formatClock(newest?.createdAtMs),
    detail: newest ? `step ${formatCount(newest.step)}` : 'none yet',
  }
}

function judgedFigure(
  { problem }: RunDetail,
  metrics: EvalMetrics | null,
  step: number | null,
  before: EvalMetrics | null,
): Figure {
  const found = headline(metrics, problem)
  const name = found?.name ?? HEADLINES[problem][0]
  const previous = before?.[name]
  const change = found && previous !== undefined ? `, ${formatDifference(name, found.value - previous)}` : ''
  return {
    label: `${metricLabel(name, problem)}, validation`,
    value: formatMetric(name, found?.value),
    detail: step === null ? 'no evaluation yet' : `step ${formatCount(step)}${change}`,
  }
}

function secondFigure({ problem, facts }: RunDetail, metrics: EvalMetrics | null): Figure {
  const found = headlines(metrics, problem)[1]
  const name = found?.name ?? HEADLINES[problem][1]
  const rows = facts?.validation_rows
  return {
    label: metricLabel(name, problem),
    value: formatMetric(name, found?.value),
    detail: rows === undefined ? 'validation' : `n = ${formatCount(rows)}`,
  }
}

function lossFigure(detail: RunDetail, metrics: EvalMetrics | null): Figure {
  const measured = detail.evaluations.filter((e) => e.metrics.loss !== undefined)
  const best = [...measured].sort((a, b) => a.metrics.loss! - b.metrics.loss!)[0]
  return {
    label: 'eval_loss',
    value: formatReal(metrics?.loss),
    detail: best ? `best ${formatReal(best.metrics.loss)} at ${formatCount(best.step)}` : '',
    optional: true,
  }
}

function rateDetail(detail: RunDetail, lastStep: StepMetrics | null): string {
  const rate = lastStep?.samples_per_second ?? detail.samplesPerSecond
  if (!rate) return detail.peakRssBytes ? `peak ${formatBytes(detail.peakRssBytes)}` : ''
  const rows = detail.config.per_device_train_batch_size * detail.config.gradient_accumulation_steps
  return `${formatDuration((rows / rate) * 1000)} a step`
}
