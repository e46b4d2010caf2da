/** From trials to what the plots of a study draw. */
import type { SearchSpace } from '../../../../shared/domain/searchSpace'
import type { StudyDetail, TrialDetail } from '../../../../shared/domain/studyDetail'
import type { LineSeries } from '../../components/charts/series'

export interface Mark {
  x: number
  y: number
  trial: number
  isPruned: boolean
}

/** Complete trials with their value; pruned ones with the last they reported. */
export function marksOf(study: StudyDetail, xOf: (trial: TrialDetail) => number | null): Mark[] {
  return study.trialList.flatMap((trial) => {
    const y = trial.value ?? trial.intermediate.at(-1)?.[1]
    const x = xOf(trial)
    if (y === undefined || x === null || !['complete', 'pruned'].includes(trial.state)) return []
    return [{ x, y, trial: trial.number, isPruned: trial.state === 'pruned' }]
  })
}

export function bestSoFar({ trialList, direction }: StudyDetail): [number, number][] {
  let best: number | null = null
  return trialList.flatMap(({ number, value }) => {
    if (value !== null && (best === null || (direction === 'minimize' ? value < best : value > best)))
      best = value
    return best === null ? [] : [[number, best] as [number, number]]
  })
}

/** The share of complete trials with at most this value. */
export function distribution({ trialList }: StudyDetail): LineSeries[] {
  const values = trialList.flatMap(({ value }) => value ?? []).sort((a, b) => a - b)
  if (values.length === 0) return []
  return [
    {
      label: 'share of trials',
      token: '--chart-ink',
      x: values,
      y: values.map((_, i) => (i + 1) / values.length),
    },
  ]
}

/** One line a trial; the best full, the rest faint. */
export function intermediateSeries({ trialList, best }: StudyDetail): LineSeries[] {
  return trialList
    .filter(({ intermediate }) => intermediate.length > 0)
    .map(({ number, intermediate }) => ({
      label: `trial ${number}`,
      token: number === best?.trial ? '--accent' : '--chart-ink',
      style: number === best?.trial ? 'line' : 'raw',
      x: intermediate.map(([step]) => step),
      y: intermediate.map(([, value]) => value),
    }))
}

/** Where a value lies on its parameter's axis, 0 to 1. */
export function placeOf(distribution: SearchSpace[string], value: unknown): number | null {
  if (value === undefined) return null
  if (distribution.type === 'categorical') {
    const { choices } = distribution
    const at = choices.indexOf(value as never)
    return choices.length === 1 ? 0.5 : at / (choices.length - 1)
  }
  const { low, high, log } = distribution
  if (low === high || typeof value !== 'number') return 0.5
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
}

/** The two ends of a parameter's axis, or its choices. */
export function axisLabels(distribution: SearchSpace[string]): [number, string][] {
  if (distribution.type === 'categorical')
    return distribution.choices.map((choice) => [placeOf(distribution, choice) ?? 0, String(choice)])
  return [
    [0, short(distribution.low)],
    [1, short(distribution.high)],
  ]
}

export function short(value: number): string {
  return Math.abs(value) > 0 && Math.abs(value) < 0.005
    ? value.toExponential().replace('e+', 'e')
    : String(Number(value.toPrecision(3)))
}
