/** Rows of an input file for predict and eval: which columns they use, every row or none. */
import { basename } from 'node:path'
import type { CellValue } from '../shared/domain/dataset'
import type { ColumnRoles } from '../shared/domain/runConfig'
import type { Problem } from '../shared/domain/tasks'
import { UserError } from '../shared/errors'
import { nearestName } from '../shared/nearest'
import { openFile } from '../main/data/readers/openSource'
import type { RowToAsk } from '../main/worker/protocol'
import type { Arguments, OptionSpec } from './arguments'

export const COLUMN_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'text-column',
    value: 'NAME',
    help: 'Column of the text, or of the tokens to tag; the default is the run’s, or text (tokens).',
  },
  { name: 'text-pair-column', value: 'NAME', help: 'Column of the second text.' },
]

/** Where a row's text, second text and true answer stand. */
export interface InputColumns {
  text?: string
  pair?: string
  label?: string
}

/** Columns from the options, else from the run. */
export function inputColumns(args: Arguments, ofRun: ColumnRoles | null): InputColumns {
  const text = args.text('text-column') ?? ofRun?.tokens ?? ofRun?.text
  const pair = args.text('text-pair-column') ?? ofRun?.text_pair
  const label = args.text('label-column') ?? ofRun?.tags ?? ofRun?.label
  return {
    ...(text !== undefined && { text }),
    ...(pair !== undefined && { pair }),
    ...(label !== undefined && { label }),
  }
}

/** The names columns usually have. */
export function usualColumns(problem: Problem): { text: string; label: string | null } {
  if (problem === 'token-classification') return { text: 'tokens', label: 'tags' }
  return { text: 'text', label: problem === 'masked-lm' ? null : 'label' }
}

/** @throws UserError `bad-input` for the first row that cannot be read, and for missing columns */
export async function readInputRows(
  path: string,
  given: InputColumns,
  problem: Problem,
  needsLabel: boolean,
): Promise<RowToAsk[]> {
  const source = await openFile(path)
  const rows: RowToAsk[] = []
  let names: InputColumns & { text: string } = { text: '' }
  for await (const { row, cells } of source.rows()) {
    if (rows.length === 0) names = resolveColumns(Object.keys(cells), given, problem, needsLabel, path)
    rows.push(rowToAsk(cells, names, problem, { file: path, row }))
  }
  const [refused] = source.rejects.kept
  if (refused)
    throw new UserError('bad-input', `A row cannot be read: ${refused.reason}.`, {
      where: { file: path, row: refused.row, ...(refused.field !== null && { field: refused.field }) },
      hint: 'Every row gets a prediction, so none is left out: correct it.',
    })
  return rows
}

/** @throws UserError `bad-input` where a cell is empty or not what its column should hold */
export function rowToAsk(
  cells: Readonly<Record<string, CellValue>>,
  { text, pair, label }: InputColumns & { text: string },
  problem: Problem,
  place: { file: string; row: number },
): RowToAsk {
  const cell = cells[text]
  const isList = problem === 'token-classification' && Array.isArray(cell)
  const tokens = isList
    ? cell.map((token) => (typeof token === 'string' ? token : JSON.stringify(token)))
    : null
  return {
    text: tokens ? tokens.join(' ') : textOf(cell, { ...place, field: text }),
    ...(tokens && { tokens }),
    ...(pair !== undefined && { text_pair: textOf(cells[pair], { ...place, field: pair }) }),
    ...(label !== undefined && { label: cells[label] ?? null }),
  }
}

function resolveColumns(
  columns: readonly string[],
  given: InputColumns,
  problem: Problem,
  needsLabel: boolean,
  path: string,
): InputColumns & { text: string } {
  const usual = usualColumns(problem)
  const has = (name: string) => columns.includes(name)
  // A file with lines of text has no other column; tokens may come as a text with spaces.
  const guess = columns.length === 1 ? columns[0]! : has(usual.text) || !has('text') ? usual.text : 'text'
  const text = given.text !== undefined && (has(given.text) || columns.length > 1) ? given.text : guess
  const label = needsLabel ? (given.label ?? usual.label ?? undefined) : undefined
  for (const name of [text, given.pair, label]) {
    if (name === undefined || has(name)) continue
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
  return {
    text,
    ...(given.pair !== undefined && { pair: given.pair }),
    ...(label !== undefined && { label }),
  }
}

interface CellPlace {
  file: string
  row: number
  field: string
}

function textOf(value: CellValue | undefined, where: CellPlace): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const what = value === null || value === undefined ? 'empty' : 'a list'
  throw new UserError('bad-input', `The value is ${what}, not a text.`, { where })
}
