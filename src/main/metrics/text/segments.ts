/**
 * What the corpus metrics share: rows of a hypothesis and its references, and the sufficient statistics of each row,
 * whose column sums give the score of any sample of rows (sacreBLEU's `_extract_corpus_statistics`).
 */
import { UserError } from '../../../shared/errors'

/** References of one row; rows may have different numbers of them. */
export type References = readonly (readonly string[])[]

/** Row-major `[rows, columns]`. */
export interface SegmentStatistics {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

export function segmentStatistics(rows: readonly (readonly number[])[]): SegmentStatistics {
  const columns = rows[0]?.length ?? 0
  const values = new Float64Array(rows.length * columns)
  for (const [i, row] of rows.entries()) values.set(row, i * columns)
  return { rows: rows.length, columns, values }
}

export function columnSums({ rows, columns, values }: SegmentStatistics): Float64Array {
  const sums = new Float64Array(columns)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) sums[column]! += values[row * columns + column]!
  return sums
}

/** @throws UserError when there is nothing to score, or a row has no partner or no reference */
export function checkSegments(hypotheses: readonly string[], references: References): void {
  checkPairs(hypotheses, references)
  const bare = references.findIndex((row) => row.length === 0)
  if (bare >= 0)
    throw new UserError('bad-input', 'A line has no reference.', {
      where: { row: bare + 1 },
      hint: 'Give every line at least one reference, or leave the line out.',
    })
}

/** @throws UserError when there are no rows, or not as many predictions as references */
export function checkPairs(predictions: readonly unknown[], references: readonly unknown[]): void {
  if (predictions.length !== references.length)
    throw new UserError(
      'bad-input',
      `There are ${predictions.length} predictions for ${references.length} references.`,
      { hint: 'Give one prediction for each row of references, in the same order.' },
    )
  if (predictions.length === 0)
    throw new UserError('bad-input', 'There is nothing to score.', {
      hint: 'Give at least one prediction and its reference.',
    })
}

/** Version of sacreBLEU whose results and signatures these are. */
export const SACREBLEU_VERSION = '2.6.0'

/** What a bootstrap adds to a signature. */
export interface ResamplingTag {
  bs: number
  seed: number
}

/** `nrefs:…|…|version:…` as `str(metric.get_signature())` of sacreBLEU. */
export function sacrebleuSignature(
  references: References,
  settings: Record<string, string | number>,
  resampling?: ResamplingTag,
): string {
  const counts = new Set(references.map((row) => row.length))
  const fields = {
    nrefs: counts.size === 1 ? [...counts][0]! : 'var',
    ...resampling,
    ...settings,
    version: SACREBLEU_VERSION,
  }
  return Object.entries(fields)
    .map(([key, value]) => `${key}:${value}`)
    .join('|')
}
