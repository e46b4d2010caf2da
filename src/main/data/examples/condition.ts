/** What of a filter can be told without the dataset, as SQL over `rows`; another run's file is attached as `other`. */
import type { ExampleFilter } from '../../../shared/domain/examples'

export type Value = string | number

export interface Condition {
  sql: string
  values: Value[]
}

export function condition({ judged, label, predicted, confidence, length, other }: ExampleFilter): Condition {
  const sql = ['1']
  const values: Value[] = []
  if (judged) sql.push(judged === 'wrong' ? 'rows.share_right < 1' : 'rows.share_right = 1')
  // Both classes of one answer: a cell of the confusion matrix.
  const classes: string[] = []
  for (const [column, name] of [
    ['label', label],
    ['predicted', predicted],
  ] as const) {
    if (name === null || name === undefined) continue
    classes.push(`answers.${column} = ?`)
    values.push(name)
  }
  if (classes.length > 0)
    sql.push(
      `EXISTS (SELECT 1 FROM answers WHERE answers.ordinal = rows.ordinal AND ${classes.join(' AND ')})`,
    )
  if (confidence) {
    sql.push('rows.confidence BETWEEN ? AND ?')
    values.push(confidence.from, confidence.to)
  }
  if (length) {
    sql.push('rows.tokens BETWEEN ? AND ?')
    values.push(length.from, length.to)
  }
  if (other)
    sql.push(
      `EXISTS (SELECT 1 FROM other.rows AS theirs WHERE theirs.content = rows.content
         AND theirs.share_right ${other.judged === 'wrong' ? '< 1' : '= 1'})`,
    )
  return { sql: sql.join(' AND '), values }
}
