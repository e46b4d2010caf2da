/** Rows of an input file for predict and eval: which columns they use, every row or none. */
import { basename } from 'node:path'
import type { CellValue } from '../shared/domain/dataset'
import type { ColumnRoles } from '../shared/domain/runConfig'
import { UserError } from '../shared/errors'
import { nearestName } from '../shared/nearest'
import { openFile } from '../main/data/readers/openSource'
import type { Arguments, OptionSpec } from './arguments'

export interface InputRow {
  text: string
  text_pair?: string
  label?: string
}

type FoundRoles = Omit<ColumnRoles, 'text'> & { text: string }

export const COLUMN_OPTIONS: readonly OptionSpec[] = [
  { name: 'text-column', value: 'NAME', help: 'Column of the text; the default is the run’s, or text.' },
  { name: 'text-pair-column', value: 'NAME', help: 'Column of the second text.' },
]

/** Roles from the options, else from the run, else the names they usually have. */
export function inputRoles(args: Arguments, ofRun: ColumnRoles | null): ColumnRoles {
  const text = args.text('text-column') ?? ofRun?.text
  const pair = args.text('text-pair-column') ?? ofRun?.text_pair
  const label = args.text('label-column') ?? ofRun?.label
  return {
    ...(text !== undefined && { text }),
    ...(pair !== undefined && { text_pair: pair }),
    ...(label !== undefined && { label }),
  }
}

/** @throws UserError `bad-input` for the first row that cannot be read, and for missing columns */
export async function readInputRows(
  path: string,
  roles: ColumnRoles,
  needsLabel: boolean,
): Promise<InputRow[]> {
  const source = await openFile(path)
  const rows: InputRow[] = []
  let names: FoundRoles = { text: '' }
  for await (const { row, cells } of source.rows()) {
    if (rows.length === 0) names = resolveRoles(Object.keys(cells), roles, needsLabel, path)
    const { text_pair: pair, label } = names
    rows.push({
      text: textOf(cells[names.text], path, row, names.text),
      ...(pair !== undefined && { text_pair: textOf(cells[pair], path, row, pair) }),
      ...(needsLabel && label !== undefined && { label: textOf(cells[label], path, row, label) }),
    })
  }
  const [refused] = source.rejects.kept
  if (refused)
    throw new UserError('bad-input', `A row cannot be read: ${refused.reason}.`, {
      where: { file: path, row: refused.row, ...(refused.field !== null && { field: refused.field }) },
      hint: 'Every row gets a prediction, so none is left out: correct it.',
    })
  return rows
}

function resolveRoles(
  columns: readonly string[],
  roles: ColumnRoles,
  needsLabel: boolean,
  path: string,
): FoundRoles {
  const text = roles.text ?? (columns.length === 1 ? columns[0]! : 'text')
  const label = needsLabel ? (roles.label ?? 'label') : undefined
  for (const name of [text, roles.text_pair, label]) {
    if (name === undefined || columns.includes(name)) continue
    const near = nearestName(name, columns)
    throw new UserError(
      'bad-input',
      `${basename(path)} has no column ${name}; it has ${columns.join(', ')}.`,
      {
        where: { file: path },
        hint: near
          ? `Did you mean ${near}?`
          : `Name it with --text-column${needsLabel ? ', --label-column' : ''} or --text-pair-column.`,
      },
    )
  }
  return { ...roles, text, ...(label !== undefined && { label }) }
}

function textOf(value: CellValue | undefined, file: string, row: number, field: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const what = value === null || value === undefined ? 'empty' : 'a list'
  throw new UserError('bad-input', `The value is ${what}, not a text.`, { where: { file, row, field } })
}
