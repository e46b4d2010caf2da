/** The curves of a run while it goes: stored points first, live steps appended. Pure. */
import type { Series, StepMetrics } from '../../../shared/domain/run'

export const CURVES = [
  'loss',
  'grad_norm',
  'learning_rate',
  'samples_per_second',
  'tokens_per_second',
] as const
export type Curves = Record<(typeof CURVES)[number], Series>

export function curvesOf(series: Series[]): Curves {
  return Object.fromEntries(
    CURVES.map((name) => [name, series.find((s) => s.name === name) ?? { name, steps: [], values: [] }]),
  ) as Curves
}

/** Steps that arrived live while the stored curve was being read come after its end. */
export function mergeTail(stored: Curves, live: Curves): Curves {
  return Object.fromEntries(
    CURVES.map((name) => {
      const last = stored[name].steps.at(-1) ?? -1
      const from = live[name].steps.findIndex((step) => step > last)
      if (from < 0) return [name, stored[name]]
      return [
        name,
        {
          name,
          steps: [...stored[name].steps, ...live[name].steps.slice(from)],
          values: [...stored[name].values, ...live[name].values.slice(from)],
        },
      ]
    }),
  ) as Curves
}

/** After a resume steps are told again: what lies at or beyond the first new step is replaced. */
export function appendSteps(curves: Curves, steps: StepMetrics[]): Curves {
  const first = steps[0]!.step
  return Object.fromEntries(
    CURVES.map((name) => {
      const old = curves[name]
      let keep = old.steps.length
      while (keep > 0 && old.steps[keep - 1]! >= first) keep--
      return [
        name,
        {
          name,
          steps: [...old.steps.slice(0, keep), ...steps.map((s) => s.step)],
          values: [...old.values.slice(0, keep), ...steps.map((s) => s[name])],
        },
      ]
    }),
  ) as Curves
}
