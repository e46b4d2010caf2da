/** A sealed dataset version as a run reads it: columns by role, rows and true answers of each split, rows left out. */
import { breathe } from '../../../shared/breathe'
import type { CellValue, Split } from '../../../shared/domain/dataset'
import type { Reference } from '../../../shared/domain/run'
import type { ColumnRoles, RunConfig } from '../../../shared/domain/runConfig'
import { isNeeded, ROLES_OF, type Task } from '../../../shared/domain/tasks'
import { UserError } from '../../../shared/errors'
import { openVersionFile, type VersionFile } from '../../data/file/openVersion'
import type { StoredRow } from '../../data/file/schema'
import { profileRows } from '../../data/profile'
import { completeRoles } from '../../data/roles'
import type { CellPlace, Problem, ProblemSettings } from '../problems/problem'

/** Columns by role: those the task needs, and a second text where there is one. */
export type Roles = ColumnRoles

export interface SplitRows {
  split: Split
  /** What the rows came from, for messages. */
  file: string
  /** Of rows that come as tokens, these with spaces between. */
  texts: string[]
  /** The second texts, where the role is given. */
  pairs: string[] | null
  /** The tokens of each row, where the task reads tokens. */
  tokens: string[][] | null
  /** The true answers; none where the text itself has them. */
  references: Reference[]
  /** Row of each in its source file. */
  sourceRows: number[]
  /** Number of each in the dataset version. */
  ordinals: number[]
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

/** @throws UserError where the file is gone or damaged, a column is missing or a cell does not fit its role */
export async function readDataset(
  datasetFile: string,
  config: Pick<RunConfig, 'columns' | 'dataset' | 'task'> & ProblemSettings,
  problem: Problem,
  signal: AbortSignal,
): Promise<RunData> {
  const file = openVersionFile(datasetFile)
  try {
    const roles = await rolesOf(file, config.columns, config.task, signal)
    const notes: string[] = []
    const read = async (split: Split) => {
      const rows = emptySplit(split, sourceOf(file, config, split), roles)
      await readRows(rows, file, { roles, problem, settings: config, notes, signal })
      return rows
    }
    const train = await read('train')
    return { sha256: file.meta.sha256, roles, train, validation: await read('validation'), notes }
  } finally {
    file.close()
  }
}

/** Columns as given, the rest as a first look suggests. @throws UserError `bad-config` naming the columns there are */
export async function rolesOf(
  file: VersionFile,
  given: ColumnRoles,
  task: Task,
  signal: AbortSignal,
): Promise<Roles> {
  for (const [role, name] of Object.entries(given))
    if (name !== undefined) file.requireColumn(name, `columns.${role}`)
  let roles = given
  const needed = ROLES_OF[task].filter(isNeeded)
  if (needed.some((role) => roles[role] === undefined)) {
    const { columns } = await profileRows(file.meta.columns, file.iterate(), file.meta.rows, { signal })
    roles = completeRoles(given, columns, task)
  }
  const missing = needed.find((role) => roles[role] === undefined)
  if (missing !== undefined)
    throw new UserError('bad-config', `No column looks like the ${missing}.`, {
      where: { field: `columns.${missing}` },
      hint: `Name one of ${file.meta.columns.join(', ')}.`,
    })
  return roles
}

function emptySplit(split: Split, file: string, roles: Roles): SplitRows {
  return {
    split,
    file,
    texts: [],
    pairs: roles.text_pair === undefined ? null : [],
    tokens: roles.tokens === undefined ? null : [],
    references: [],
    sourceRows: [],
    ordinals: [],
  }
}

interface Reading {
  roles: Roles
  problem: Problem
  settings: ProblemSettings
  notes: string[]
  signal: AbortSignal
}

async function readRows(rows: SplitRows, file: VersionFile, reading: Reading): Promise<void> {
  const missing = new Map<string, number[]>()
  for (const row of file.iterate(rows.split)) {
    const { sourceRow } = row
    if (rows.texts.length % ROWS_BETWEEN_BREATHS === 0) await breathe(reading.signal)
    const empty = addRow(rows, row, reading)
    if (empty !== null) missing.set(empty, [...(missing.get(empty) ?? []), sourceRow])
  }
  for (const [column, at] of missing)
    reading.notes.push(
      `${at.length} ${rows.split} ${at.length === 1 ? 'row has' : 'rows have'} nothing in the column ${column} and ${at.length === 1 ? 'was' : 'were'} left out (${at.length === 1 ? 'row' : 'first: row'} ${at[0]}).`,
    )
}

/** Adds a row; else the column in which it has nothing. */
function addRow(
  rows: SplitRows,
  { cells, sourceRow, ordinal }: StoredRow,
  { roles, problem, settings }: Reading,
): string | null {
  const place = (field: string): CellPlace => ({ file: rows.file, row: sourceRow, field })
  const cell = (name: string) => cells[name] ?? null
  let [text, pair, tokens]: [string | null, string | null, string[] | null] = [null, null, null]
  if (rows.tokens) {
    tokens = tokensOf(cell(roles.tokens!), place(roles.tokens!))
    if (tokens === null) return roles.tokens!
    text = tokens.join(' ')
  } else {
    text = textOf(cell(roles.text!), place(roles.text!))
    if (text === null) return roles.text!
    if (rows.pairs) pair = textOf(cell(roles.text_pair!), place(roles.text_pair!))
    if (rows.pairs && pair === null) return roles.text_pair!
  }
  if (problem.referenceRole !== null) {
    const column = roles[problem.referenceRole]!
    const reference = problem.readReference(cell(column), place(column), settings)
    if (reference === null) return column
    rows.references.push(reference)
  }
  rows.texts.push(text)
  if (pair !== null) rows.pairs?.push(pair)
  if (tokens !== null) rows.tokens?.push(tokens)
  rows.sourceRows.push(sourceRow)
  rows.ordinals.push(ordinal)
  return null
}

/** A cell as text, as it stands: an empty text is a text, a missing one null. @throws UserError `bad-input` for a list */
function textOf(cell: CellValue, where: CellPlace): string | null {
  if (cell === null) return null
  if (Array.isArray(cell))
    throw new UserError('bad-input', 'A list stands where a text is needed.', {
      where,
      hint: 'Choose the column of the text. Lists of tokens are for the task token-classification.',
    })
  return String(cell)
}

function tokensOf(cell: CellValue, where: CellPlace): string[] | null {
  if (cell === null || (Array.isArray(cell) && cell.length === 0)) return null
  if (!Array.isArray(cell))
    throw new UserError('bad-input', 'A list of tokens is needed.', {
      where,
      hint: 'Write the row as two lists of the same length, tokens and tags.',
    })
  return cell.map((token) => {
    if (typeof token === 'string' || typeof token === 'number') return String(token)
    throw new UserError('bad-input', `A token is not a text: ${JSON.stringify(token).slice(0, 60)}.`, {
      where,
    })
  })
}

/** The file a split came from, as far as it is known. */
function sourceOf(file: VersionFile, { dataset }: Pick<RunConfig, 'dataset'>, split: Split): string {
  const own = 'train' in dataset ? dataset[split] : undefined
  if (own !== undefined) return own
  const { source } = file.meta
  switch (source.kind) {
    case 'file':
      return source.path
    case 'sample':
      return source.name
    case 'augmentation':
      return source.recipe.name
    case 'derived':
      return 'an edited version'
  }
}
