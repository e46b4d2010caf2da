/** Every metric there is. To add one: a file, a line here, golden values under test/golden/metrics. */
import { UserError } from '../../shared/errors'
import { nearestName } from '../../shared/nearest'
import { calibrationError } from './calibration'
import { accuracy, confusion, f1, mcc, precision, recall } from './classification'
import { perplexity } from './languageModel'
import type { Metric } from './metric'
import { multiLabelF1 } from './multiLabel'
import { mae, mse, pearson, r2, rmse, spearman } from './regression'
import { averagePrecision, logLoss, rocAuc } from './scored'
import { seqeval } from './tagging/entries'
import { bleu, chrf, exactMatch, rouge, ter } from './text/entries'

export const METRICS: readonly Metric[] = [
  accuracy,
  precision,
  recall,
  f1,
  mcc,
  confusion,
  multiLabelF1,
  logLoss,
  rocAuc,
  averagePrecision,
  calibrationError,
  mse,
  rmse,
  mae,
  r2,
  pearson,
  spearman,
  seqeval,
  bleu,
  chrf,
  ter,
  rouge,
  exactMatch,
  perplexity,
]

/** @throws UserError('bad-config') naming the nearest known metric */
export function findMetric(id: string): Metric {
  const found = METRICS.find((metric) => metric.id === id)
  if (found) return found
  const known = METRICS.map((metric) => metric.id)
  const near = nearestName(id, known)
  throw new UserError('bad-config', `There is no metric "${id}".`, {
    where: { field: 'metrics' },
    hint: near ? `Did you mean ${near}?` : `There are ${known.join(', ')}.`,
  })
}
