/** The strip of figures of a run: what it reaches, and at which rate. */
import type { EvalMetrics, RunDetail, StepMetrics } from '../../../../shared/domain/run'
import { formatDuration } from '../../format/duration'
import { f1Of, formatDifference, formatMetric, isLoss } from '../../format/metric'
import { formatBytes } from '../../format/bytes'
import { formatCount, formatRate, formatReal, formatScore, plural } from '../../format/number'
import type { Figure } from '../base/figure'

export function runFigures(detail: RunDetail, lastStep: StepMetrics | null): Figure[] {
  const evaluations = detail.evaluations
  const last = evaluations.at(-1)
  const before = evaluations.at(-2)
  const metrics = last?.metrics ?? detail.lastEval
  return [
    accuracyFigure(metrics, last?.step ?? null, before?.metrics ?? null),
    f1Figure(detail, metrics),
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
  ]
}

function accuracyFigure(
  metrics: EvalMetrics | null,
  step: number | null,
  before: EvalMetrics | null,
): Figure {
  const name = metrics && !('accuracy' in metrics) ? scoreName(metrics) : 'accuracy'
  const value = metrics?.[name]
  const previous = before?.[name]
  const change =
    value !== undefined && previous !== undefined ? `, ${formatDifference(name, value - previous)}` : ''
  return {
    label: `${name}, validation`,
    value: formatMetric(name, value),
    detail: step === null ? 'no evaluation yet' : `step ${formatCount(step)}${change}`,
  }
}

function scoreName(metrics: EvalMetrics): string {
  return Object.keys(metrics).find((name) => !isLoss(name)) ?? 'accuracy'
}

function f1Figure(detail: RunDetail, metrics: EvalMetrics | null): Figure {
  const rows = detail.facts?.validation_rows
  return {
    label: 'f1, macro',
    value: formatScore(f1Of(metrics)),
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
