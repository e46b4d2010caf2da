/** The checks that labels must pass before a run begins. */
import { UserError, type ErrorPlace } from '../../../shared/errors'

/** A row's label and where it came from, for messages. */
export interface LabelledRow {
  label: string
  place: ErrorPlace
}

/**
 * @throws UserError `bad-input` where the training rows hold fewer than two labels
 */
export function requireTwoClasses(rows: readonly LabelledRow[], column: string): void {
  const labels = new Set(rows.map((row) => row.label))
  if (labels.size >= 2) return
  const [only] = labels
  throw new UserError(
    'bad-input',
    only === undefined
      ? 'There are no training rows.'
      : `All ${rows.length} training rows have the same label, ${quote(only)}.`,
    {
      where: { ...fileOf(rows[0]), field: column },
      hint: 'A classifier needs at least two classes: check that the right column is the label.',
    },
  )
}

/** Ids of the rows' labels. @throws UserError `bad-input` naming the first row whose label is unknown. */
export function labelIds(
  rows: readonly LabelledRow[],
  labels: readonly string[],
  column: string,
  split: string,
): Int32Array {
  const ids = new Map(labels.map((label, id) => [label, id]))
  return Int32Array.from(rows, ({ label, place }) => {
    const id = ids.get(label)
    if (id === undefined)
      throw new UserError(
        'bad-input',
        `The ${split} rows hold a label that no training row has: ${quote(label)}.`,
        {
          where: { ...place, field: column },
          hint: `The labels of the training rows are ${list(labels)}. Correct the label, or move the row to the training split.`,
        },
      )
    return id
  })
}

function fileOf(row: LabelledRow | undefined): ErrorPlace {
  return row?.place.file === undefined ? {} : { file: row.place.file }
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text)
}

function list(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).map(quote).join(', ')
  return labels.length > 8 ? `${shown} and ${labels.length - 8} more` : shown
}
