/** The curves of one run, as series to draw. */
import { ENDED_STATES, type RunDetail } from '../../../../shared/domain/run'
import { metricLabel } from '../../../../shared/domain/metricNames'
import { bestIsGreater, bestMetric } from '../../../../shared/domain/runConfigRules'
import { positions, type StepScale, type XAxis } from '../../curves/axis'
import type { Curves } from '../../curves/live'
import { scheduleOfRun } from '../../../../shared/schedule/registry'
import { smooth, smoothingFor } from '../../curves/smooth'
import { formatReal } from '../../format/number'
import type { LineSeries, Rule } from '../charts/series'

export function stepScale(detail: RunDetail, curves: Curves): StepScale {
  return {
    epochsPerStep: epochsPerStep(detail),
    rowsPerStep: detail.config.per_device_train_batch_size * detail.config.gradient_accumulation_steps,
    rate: curves.samples_per_second,
    tokenRate: curves.tokens_per_second,
  }
}

function epochsPerStep(detail: RunDetail): number | null {
  if (detail.step > 0 && detail.epoch > 0) return detail.epoch / detail.step
  if (detail.totalSteps && detail.config.max_steps < 0)
    return detail.config.num_train_epochs / detail.totalSteps
  return null
}

export function lossSeries(detail: RunDetail, curves: Curves, axis: XAxis): LineSeries[] {
  const scale = stepScale(detail, curves)
  const { steps, values } = curves.loss
  const x = positions(steps, axis, scale)
  const smoothed = smooth(values, smoothingFor(values.length))
  const evaluated = detail.evaluations.filter((e) => e.metrics.loss !== undefined)
  const evalLosses = evaluated.map((e) => e.metrics.loss!)
  return [
    { label: 'train, as logged', token: '--series-1', x, y: values, style: 'raw' },
    {
      label: 'train',
      token: '--series-1',
      x,
      y: smoothed,
      ...(smoothed.length > 0 && { endLabel: `train ${formatReal(smoothed.at(-1))}` }),
    },
    {
      label: 'validation',
      token: '--series-2',
      x: positions(
        evaluated.map((e) => e.step),
        axis,
        scale,
      ),
      y: evalLosses,
      hasPoints: true,
      ...(evalLosses.length > 0 && { endLabel: `validation ${formatReal(evalLosses.at(-1))}` }),
    },
  ]
}

export function metricSeries(detail: RunDetail, curves: Curves, axis: XAxis, names: string[]): LineSeries[] {
  const scale = stepScale(detail, curves)
  return names.map((name, i) => {
    const points = detail.evaluations.filter((e) => e.metrics[name] !== undefined)
    return {
      label: metricLabel(name, detail.problem),
      token: names.length === 1 ? '--chart-ink' : (`--series-${(i % 8) + 1}` as const),
      x: positions(
        points.map((p) => p.step),
        axis,
        scale,
      ),
      y: points.map((p) => p.metrics[name]!),
      hasPoints: true,
    }
  })
}

/** A single series: as logged, or faint behind its smoothed line. */
export function plainSeries(
  detail: RunDetail,
  curves: Curves,
  name: 'learning_rate' | 'grad_norm',
  axis: XAxis,
): LineSeries[] {
  const { steps, values } = curves[name]
  const x = positions(steps, axis, stepScale(detail, curves))
  if (name === 'learning_rate')
    return [
      { label: name, token: '--chart-ink', x, y: values },
      ...plannedRate(detail, steps.at(-1) ?? 0, axis),
    ]
  return [
    { label: 'as logged', token: '--chart-ink', x, y: values, style: 'raw' },
    { label: name, token: '--chart-ink', x, y: smooth(values, smoothingFor(values.length)) },
  ]
}

/** The rest of the schedule, dashed: a plan, not a measurement. */
function plannedRate(detail: RunDetail, from: number, axis: XAxis): LineSeries[] {
  const { totalSteps, config } = detail
  if (
    !totalSteps ||
    from >= totalSteps ||
    axis === 'time' ||
    axis === 'tokens' ||
    ENDED_STATES.includes(detail.state)
  )
    return []
  const schedule = scheduleOfRun(config, totalSteps)
  const steps = Array.from({ length: 81 }, (_, i) => Math.round(from + (i * (totalSteps - from)) / 80))
  const perStep = axis === 'epoch' ? (epochsPerStep(detail) ?? 0) : 1
  return [
    {
      label: 'planned',
      token: '--chart-quiet',
      x: steps.map((step) => step * perStep),
      y: steps.map((step) => schedule.rate(step)),
      style: 'dashed',
    },
  ]
}

/** A line at the best evaluation so far. */
export function bestRule(detail: RunDetail, curves: Curves, axis: XAxis): Rule[] {
  const name = bestMetric(detail.config)
  const sign = bestIsGreater(detail.config) ? 1 : -1
  const measured = detail.evaluations.filter((e) => e.metrics[name] !== undefined)
  if (measured.length < 2) return []
  const best = measured.reduce((a, b) => (sign * (b.metrics[name]! - a.metrics[name]!) > 0 ? b : a))
  const [at] = positions([best.step], axis, stepScale(detail, curves))
  return [{ axis: 'x', at: at!, label: `best ${metricLabel(name, detail.problem)}`, token: '--line-2' }]
}

/** Share of logged steps whose gradient was clipped. */
export function clippedShare(detail: RunDetail, curves: Curves): number | null {
  const limit = detail.config.max_grad_norm
  const norms = curves.grad_norm.values
  if (limit <= 0 || norms.length === 0) return null
  return norms.filter((norm) => norm > limit).length / norms.length
}
