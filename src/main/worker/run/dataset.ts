/** A sealed dataset version as a run reads it: columns by role, texts and labels of each split, rows left out. */
import { breathe } from '../../../shared/breathe'
import type { CellValue, Split } from '../../../shared/domain/dataset'
import type { ColumnRoles, RunConfig } from '../../../shared/domain/runConfig'
import { UserError } from '../../../shared/errors'
import { openVersionFile, type VersionFile } from '../../data/file/openVersion'
import { profileRows } from '../../data/profile'

export interface Roles {
  text: string
  text_pair: string | null
  label: string
}

export interface SplitRows {
  split: Split
  /** What the rows came from, for messages. */
  file: string
  texts: string[]
  /** The second texts, where the role is given. */
  pairs: string[] | null
  labels: string[]
  /** Row of each in its source file. */
  sourceRows: number[]
}

export interface RunData {
  sha256: string
  roles: Roles
  train: SplitRows
  validation: SplitRows
  /** What was left out, in words. */
  notes: string[]
}

const ROWS_BETWEEN_BREATHS = 1000

/**
 * @throws UserError where the file is gone or damaged, a column is missing or a cell is a list
 */
export async function readDataset(
  datasetFile: string,
  config: Pick<RunConfig, 'columns' | 'dataset'>,
  signal: AbortSignal,
): Promise<RunData> {
  const file = openVersionFile(datasetFile)
  try {
    const roles = await rolesOf(file, config.columns, signal)
    const notes: string[] = []
    const read = (split: Split) => readSplit(file, split, roles, sourceOf(file, config, split), notes, signal)
    const train = await read('train')
    return { sha256: file.meta.sha256, roles, train, validation: await read('validation'), notes }
  } finally {
    file.close()
  }
}

/** Columns as given, the rest as a first look suggests. @throws UserError `bad-config` naming the columns there are */
export async function rolesOf(file: VersionFile, given: ColumnRoles, signal: AbortSignal): Promise<Roles> {
  for (const [role, name] of Object.entries(given))
    if (name !== undefined) file.requireColumn(name, `columns.${role}`)
  let { text, text_pair, label } = given
  if (text === undefined || label === undefined) {
    const { columns } = await profileRows(file.meta.columns, file.iterate(), file.meta.rows, { signal })
    const taken = Object.values(given)
    const suggested = (role: keyof Roles) =>
      columns.find((column) => column.suggestedRole === role && !taken.includes(column.name))?.name
    if (taken.length === 0) text_pair ??= suggested('text_pair')
    text ??= suggested('text')
    label ??= suggested('label')
  }
  const missing = text === undefined ? 'text' : label === undefined ? 'label' : null
  if (missing !== null || text === undefined || label === undefined)
    throw new UserError('bad-config', `No column looks like the ${missing ?? 'text'}.`, {
      where: { field: `columns.${missing ?? 'text'}` },
      hint: `Name one of ${file.meta.columns.join(', ')}.`,
    })
  return { text, text_pair: text_pair ?? null, label }
}

async function readSplit(
  file: VersionFile,
  split: Split,
  roles: Roles,
  source: string,
  notes: string[],
  signal: AbortSignal,
): Promise<SplitRows> {
  const rows: SplitRows = {
    split,
    file: source,
    texts: [],
    pairs: roles.text_pair === null ? null : [],
    labels: [],
    sourceRows: [],
  }
  const missing = new Map<string, number[]>()
  for (const { cells, sourceRow } of file.iterate(split)) {
    if (rows.texts.length % ROWS_BETWEEN_BREATHS === 0) await breathe(signal)
    const value = (name: string) => textOf(cells[name] ?? null, { file: source, row: sourceRow, field: name })
    const [text, label] = [value(roles.text), value(roles.label)?.trim() ?? null]
    const pair = roles.text_pair === null ? undefined : value(roles.text_pair)
    if (text === null || label === null || label === '' || pair === null) {
      const column = text === null ? roles.text : pair === null ? roles.text_pair! : roles.label
      missing.set(column, [...(missing.get(column) ?? []), sourceRow])
      continue
    }
    rows.texts.push(text)
    if (pair !== undefined) rows.pairs?.push(pair)
    rows.labels.push(label)
    rows.sourceRows.push(sourceRow)
  }
  for (const [column, at] of missing)
    notes.push(
      `${at.length} ${split} ${at.length === 1 ? 'row has' : 'rows have'} nothing in the column ${column} and ${at.length === 1 ? 'was' : 'were'} left out (${at.length === 1 ? 'row' : 'first: row'} ${at[0]}).`,
    )
  return rows
}

/** A cell as text, as it stands: an empty text is a text, a missing one null. @throws UserError `bad-input` for a list */
function textOf(cell: CellValue, where: { file: string; row: number; field: string }): string | null {
  if (cell === null) return null
  if (Array.isArray(cell))
    throw new UserError('unsupported', 'A list stands where one value is needed.', {
      where,
      hint: 'Rows with several labels cannot be trained on yet: choose a column with one label a row.',
    })
  return String(cell)
}

/** The file a split came from, as far as it is known. */
function sourceOf(file: VersionFile, { dataset }: Pick<RunConfig, 'dataset'>, split: Split): string {
  const own = 'train' in dataset ? dataset[split] : undefined
  if (own !== undefined) return own
  const { source } = file.meta
  return source.kind === 'file' ? source.path : source.name
}
