/** Does a recipe help? The same run with and without its copies, over several seeds, judged on the validation rows. */
import { z } from 'zod'
import { isGreaterBetter, metricKind } from './metricNames'

export const ComparisonSettings = z.strictObject({
  seeds: z
    .int()
    .min(2)
    .max(30)
    .default(5)
    .describe('Each trains both runs; the rows drawn, their order, new weights and the copies depend on it.'),
  rows: z
    .int()
    .min(2)
    .nullable()
    .default(null)
    .describe('Training rows, drawn anew by each seed; empty takes all.'),
  same: z
    .enum(['steps', 'epochs'])
    .default('steps')
    .describe(
      'What both runs are given alike: optimizer steps, so that copies cost no time, or passes over their own rows.',
    ),
  /** run.json settings over those that are recommended for the rows; where `model` is left out, the starter. */
  run: z.record(z.string(), z.unknown()).default({}),
})
export type ComparisonSettings = z.infer<typeof ComparisonSettings>

export interface SeedPair {
  seed: number
  /** The metric of the run without copies, and with them. */
  without: number
  with: number
  copies: number
}

export interface AugmentComparison {
  recipe: string
  metric: string
  same: ComparisonSettings['same']
  /** Training rows of a run without copies. */
  rows: number
  validationRows: number
  /** Of a run without copies; with them the same, or more where epochs are the same. */
  steps: number
  seeds: SeedPair[]
  /** With minus without: mean over the seeds and its 95 % interval (Student's t on the paired differences). */
  difference: number
  low: number
  high: number
  seconds: number
}

export type Verdict = 'helps' | 'harms' | 'unclear'

export function verdictOf({ metric, low, high }: AugmentComparison): Verdict {
  const sign = isGreaterBetter(metric) ? 1 : -1
  if (Math.min(sign * low, sign * high) > 0) return 'helps'
  return Math.max(sign * low, sign * high) < 0 ? 'harms' : 'unclear'
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  helps: 'The recipe helps: the interval lies on its side of zero.',
  harms: 'The recipe harms: the interval lies on the other side of zero.',
  unclear: 'No difference beyond noise: the interval holds zero.',
}

/** In plain words, with what it rests on. */
export function comparisonSentence(comparison: AugmentComparison): string {
  const { metric, seeds, low, high, difference, same } = comparison
  const mean = (of: 'with' | 'without') => seeds.reduce((sum, pair) => sum + pair[of], 0) / seeds.length
  const isScore = metricKind(metric) === 'score'
  const figure = (value: number) =>
    (isScore ? (100 * value).toFixed(1) : value.toPrecision(3)).replace('-', '−')
  const signed = (value: number) => `${value > 0 ? '+' : ''}${figure(value)}`
  const times = same === 'steps' ? 'the same number of steps' : 'the same number of epochs'
  return (
    `${VERDICTS[verdictOf(comparison)]} ${metric} ${mean('with').toFixed(3)} with copies, ${mean('without').toFixed(3)} without: ` +
    `${signed(difference)}${isScore ? ' points' : ''}, 95 % interval ${signed(low)} to ${signed(high)} over ${seeds.length} seeds, ${times}.`
  )
}
