/** Errors and correlations of numbers. Equal to scikit-learn 1.9 and SciPy 1.17. */
import { z } from 'zod'
import { numbers, requireSameLength } from './inputs'
import { defineMetric, type MetricInput } from './metric'
import { midRanks } from './scored'

const NoParams = z.strictObject({})

export function meanSquaredError(references: readonly number[], predictions: readonly number[]): number {
  return mean(references.map((reference, i) => (reference - predictions[i]!) ** 2))
}

export function meanAbsoluteError(references: readonly number[], predictions: readonly number[]): number {
  return mean(references.map((reference, i) => Math.abs(reference - predictions[i]!)))
}

/** Coefficient of determination; of constant references 1 if met exactly, else 0. NaN for fewer than two rows. */
export function r2Of(references: readonly number[], predictions: readonly number[]): number {
  if (references.length < 2) return NaN
  const middle = mean(references)
  const residual = references.reduce((sum, reference, i) => sum + (reference - predictions[i]!) ** 2, 0)
  const total = references.reduce((sum, reference) => sum + (reference - middle) ** 2, 0)
  if (total === 0) return residual === 0 ? 1 : 0
  return 1 - residual / total
}

/** Pearson's r; NaN if a side is constant. */
export function pearsonOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [Array.from(a), Array.from(b)]
  if (isConstant(x) || isConstant(y)) return NaN
  const [u, v] = [unitVector(x), unitVector(y)]
  const r = u.reduce((sum, value, i) => sum + value * v[i]!, 0)
  return Math.max(-1, Math.min(1, r))
}

/** Asked of the values: the mean of equal values may differ from them by a rounding. */
function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0])
}

/** Centred and of length 1; scaled first, so that squares neither overflow nor vanish. */
function unitVector(values: readonly number[]): number[] {
  const middle = mean(values)
  const centred = values.map((value) => value - middle)
  const scale = centred.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  const scaled = centred.map((value) => value / scale)
  const length = Math.sqrt(scaled.reduce((sum, value) => sum + value ** 2, 0))
  return scaled.map((value) => value / length)
}

/** Spearman's rho: Pearson's r of the ranks. */
export function spearmanOf(a: readonly number[], b: readonly number[]): number {
  return pearsonOf(midRanks(a), midRanks(b))
}

type Pair = readonly [readonly number[], readonly number[]]

function entry(
  id: string,
  label: string,
  help: string,
  direction: 'maximize' | 'minimize',
  measure: (...pair: Pair) => number,
) {
  return defineMetric({
    id,
    label,
    help,
    direction,
    input: 'numbers',
    params: NoParams,
    compute(input: MetricInput) {
      requireSameLength(input)
      const references = numbers(input.references, 'reference')
      const value = measure(references, numbers(input.predictions, 'prediction'))
      return { value, values: { [id]: value }, signature: id, n: references.length }
    },
  })
}

export const mse = entry(
  'mse',
  'Mean squared error',
  'The mean of the squared errors.',
  'minimize',
  meanSquaredError,
)
export const rmse = entry(
  'rmse',
  'Root mean squared error',
  'The typical size of an error, in the unit of the references; large errors count more.',
  'minimize',
  (...pair) => Math.sqrt(meanSquaredError(...pair)),
)
export const mae = entry(
  'mae',
  'Mean absolute error',
  'The mean size of an error, in the unit of the references.',
  'minimize',
  meanAbsoluteError,
)
export const r2 = entry(
  'r_squared',
  'R²',
  'The share of the variance that is explained: 1 is perfect, 0 no better than always saying the mean.',
  'maximize',
  r2Of,
)
export const pearson = entry(
  'pearsonr',
  'Pearson correlation',
  'How well a straight line relates predictions and references.',
  'maximize',
  pearsonOf,
)
export const spearman = entry(
  'spearmanr',
  'Spearman correlation',
  'How well the order of the predictions matches that of the references.',
  'maximize',
  spearmanOf,
)

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}
