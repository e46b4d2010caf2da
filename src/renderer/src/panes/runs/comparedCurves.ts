/** Curves of several runs in one chart each. Pure. */
import { metricLabel } from '../../../../shared/domain/metricNames'
import { sharedProblem } from '../../../../shared/domain/comparison'
import type { RunDetail } from '../../../../shared/domain/run'
import type { LineSeries } from '../../components/charts/series'
import { stepScale } from '../../components/run/curves'
import { positions, type XAxis } from '../../curves/axis'
import { CURVES, type Curves } from '../../curves/live'
import { smooth, smoothingFor } from '../../curves/smooth'
import { isQuality } from '../../format/metric'
import { letter } from './comparison'

export interface ComparedRun {
  detail: RunDetail
  curves: Curves
}

export interface ComparedCurve {
  /** As metrics are called: loss, grad_norm, eval_accuracy. */
  name: string
  label: string
  isEvaluation: boolean
}

/** What is logged and what is evaluated, by any of the runs. */
export function curvesOfRuns(runs: readonly ComparedRun[]): ComparedCurve[] {
  const details = runs.map(({ detail }) => detail)
  const problem = sharedProblem(details)
  const evaluated = details.flatMap(({ evaluations }) =>
    evaluations.flatMap(({ metrics }) => Object.keys(metrics).filter(isQuality)),
  )
  return [
    { name: 'loss', label: 'loss', isEvaluation: false },
    ...[...new Set(evaluated)].map((name) => ({
      name: `eval_${name}`,
      label: name === 'loss' ? 'eval_loss' : metricLabel(name, problem),
      isEvaluation: true,
    })),
    ...CURVES.filter((name) => name !== 'loss').map((name) => ({ name, label: name, isEvaluation: false })),
  ]
}

/**
 * A line a run, called A, B, C; a run without the curve has an empty one. `smoothing`: the weight of the kernel, null
 * for one that suits the number of points; evaluations are few and stay as they are.
 */
export function comparedSeries(
  runs: readonly ComparedRun[],
  curve: ComparedCurve,
  axis: XAxis,
  smoothing: number | null,
): LineSeries[] {
  return runs.map((run, i) => ({ ...look(i), ...points(run, curve, axis, smoothing) }))
}

function points(
  { detail, curves }: ComparedRun,
  { name, isEvaluation }: ComparedCurve,
  axis: XAxis,
  smoothing: number | null,
): Pick<LineSeries, 'x' | 'y' | 'hasPoints'> {
  const scale = stepScale(detail, curves)
  if (isEvaluation) {
    const metric = name.slice('eval_'.length)
    const measured = detail.evaluations.filter(({ metrics }) => metrics[metric] !== undefined)
    const steps = measured.map(({ step }) => step)
    return { x: positions(steps, axis, scale), y: measured.map((e) => e.metrics[metric]!), hasPoints: true }
  }
  const { steps, values } = curves[name as keyof Curves]
  const weight = name === 'learning_rate' ? 0 : (smoothing ?? smoothingFor(values.length))
  return { x: positions(steps, axis, scale), y: weight === 0 ? values : smooth(values, weight) }
}

/** More than four series: dashes tell them apart too; beyond eight they share colours. */
function look(i: number): Pick<LineSeries, 'label' | 'token' | 'endLabel' | 'style'> {
  return {
    label: letter(i),
    endLabel: letter(i),
    token: `--series-${(i % 8) + 1}`,
    ...(i >= 4 && { style: 'dashed' as const }),
  }
}

/** The range of the values without the outermost hundredth at either end; null where nothing lies outside it. */
export function withoutOutliers(series: readonly LineSeries[]): { low: number; high: number } | null {
  const values = series.flatMap(({ y }) => y.filter(Number.isFinite)).sort((a, b) => a - b)
  if (values.length < 20) return null
  const at = (share: number): number => values[Math.round(share * (values.length - 1))]!
  const [low, high] = [at(0.01), at(0.99)]
  const room = (high - low) * 0.05
  return low === values[0] && high === values.at(-1) ? null : { low: low - room, high: high + room }
}
