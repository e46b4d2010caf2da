/** The checks that labels must pass before a run begins. */
import { UserError } from '../../../shared/errors'
import type { SplitRows } from './dataset'

type Labelled = Pick<SplitRows, 'file' | 'split' | 'references' | 'sourceRows'>

/** @throws UserError `bad-input` where the training rows hold fewer than two labels */
export function requireTwoClasses(rows: Labelled, column: string): void {
  const [only, second] = new Set(rows.references as string[])
  if (second !== undefined) return
  throw new UserError(
    'bad-input',
    only === undefined
      ? 'There are no training rows.'
      : `All ${rows.references.length} training rows have the same label, ${quote(only)}.`,
    {
      where: { file: rows.file, field: column },
      hint: 'A classifier needs at least two classes: check that the right column is the label.',
    },
  )
}

/** Ids of the rows' labels. @throws UserError `bad-input` naming the first row whose label is unknown. */
export function labelIds(rows: Labelled, labels: readonly string[], column: string): Int32Array {
  const ids = labelIndex(labels)
  return Int32Array.from(rows.references as string[], (label, row) =>
    idOfLabel(ids, label, rows, row, column),
  )
}

export function labelIndex(labels: readonly string[]): ReadonlyMap<string, number> {
  return new Map(labels.map((label, id) => [label, id]))
}

/** @throws UserError `bad-input` naming the row where the label is unknown */
export function idOfLabel(
  ids: ReadonlyMap<string, number>,
  label: string,
  rows: Labelled,
  row: number,
  column: string,
): number {
  const id = ids.get(label)
  if (id !== undefined) return id
  throw new UserError('bad-input', `A ${rows.split} row has a label that is unknown here: ${quote(label)}.`, {
    where: { file: rows.file, row: rows.sourceRows[row]!, field: column },
    hint: `Known labels: ${list([...ids.keys()])}. Correct the label, or train on rows that have it.`,
  })
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text)
}

function list(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).map(quote).join(', ')
  return labels.length > 8 ? `${shown} and ${labels.length - 8} more` : shown
}
