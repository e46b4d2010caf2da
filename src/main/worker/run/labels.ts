/** The checks that labels must pass before a run begins. */
import { UserError } from '../../../shared/errors'
import type { SplitRows } from './dataset'

type Labelled = Pick<SplitRows, 'file' | 'split' | 'labels' | 'sourceRows'>

/** @throws UserError `bad-input` where the training rows hold fewer than two labels */
export function requireTwoClasses(rows: Labelled, column: string): void {
  const [only, second] = new Set(rows.labels)
  if (second !== undefined) return
  throw new UserError(
    'bad-input',
    only === undefined
      ? 'There are no training rows.'
      : `All ${rows.labels.length} training rows have the same label, ${quote(only)}.`,
    {
      where: { file: rows.file, field: column },
      hint: 'A classifier needs at least two classes: check that the right column is the label.',
    },
  )
}

/** Ids of the rows' labels. @throws UserError `bad-input` naming the first row whose label is unknown. */
export function labelIds(rows: Labelled, labels: readonly string[], column: string): Int32Array {
  const ids = new Map(labels.map((label, id) => [label, id]))
  return Int32Array.from(rows.labels, (label, i) => {
    const id = ids.get(label)
    if (id === undefined)
      throw new UserError(
        'bad-input',
        `A ${rows.split} row has a label that is unknown here: ${quote(label)}.`,
        {
          where: { file: rows.file, row: rows.sourceRows[i]!, field: column },
          hint: `Known labels: ${list(labels)}. Correct the label, or train on rows that have it.`,
        },
      )
    return id
  })
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text)
}

function list(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).map(quote).join(', ')
  return labels.length > 8 ? `${shown} and ${labels.length - 8} more` : shown
}
