/** Which columns of a dataset a recipe works on, and a row's cells as augmenters see them. */
import type { CellValue, Split } from '../../../shared/domain/dataset'
import type { AugmentColumns } from '../../../shared/domain/augmentation'
import { UserError } from '../../../shared/errors'
import type { AugmentSource, MadeCopy } from '../../augment/augment'
import { writtenText } from '../../augment/make'
import type { TrainingRow } from '../../augment/corpus'
import type { VersionFile } from '../../data/file/openVersion'
import { profileRows } from '../../data/profile'

/** Column of a copy that names its source's row; null in rows that are no copies. */
export const SOURCE_COLUMN = 'augmented_from'

export type Columns =
  | { kind: 'text'; text: string; pair: string | null; label: string | null }
  | { kind: 'tagged'; tokens: string; tags: string }

type Cells = Readonly<Record<string, CellValue>>

/** As the recipe names them, the rest as a first look suggests. @throws UserError `bad-config` */
export async function columnsOf(
  file: VersionFile,
  given: AugmentColumns,
  signal: AbortSignal,
): Promise<Columns> {
  for (const [role, name] of Object.entries(given))
    if (name !== undefined) file.requireColumn(name, `columns.${role}`)
  const { columns: names } = file.meta
  const tokens = given.tokens ?? ['tokens', 'words'].find((name) => names.includes(name))
  const tags = given.tags ?? ['tags', 'ner_tags', 'labels'].find((name) => names.includes(name))
  if (given.text === undefined && tokens !== undefined && tags !== undefined)
    return { kind: 'tagged', tokens, tags }
  let { text, text_pair: pair, label } = given
  if (text === undefined || label === undefined) {
    const { columns } = await profileRows(names, file.iterate(), file.meta.rows, { signal })
    const suggested = (role: 'text' | 'text_pair' | 'label') =>
      columns.find((column) => column.suggestedRole === role && !Object.values(given).includes(column.name))
        ?.name
    if (Object.keys(given).length === 0) pair ??= suggested('text_pair')
    text ??= suggested('text')
    label ??= suggested('label')
  }
  if (text === undefined)
    throw new UserError('bad-config', 'No column looks like the text.', {
      where: { field: 'columns.text' },
      hint: `Name one of ${names.join(', ')}.`,
    })
  return { kind: 'text', text, pair: pair ?? null, label: label ?? null }
}

/** The rows of a split that can be copied: those with a text, and no copies themselves. */
export function* rowsOf(
  file: VersionFile,
  columns: Columns,
  split: Split,
): Generator<{ row: TrainingRow; cells: Cells }> {
  for (const { cells, sourceRow } of file.iterate(split)) {
    if (split === 'train' && isCopy(cells)) continue
    const row = toRow(cells, columns, sourceRow)
    if (row) yield { row, cells }
  }
}

/** In a file the column of a row that is no copy is empty. */
function isCopy(cells: Cells): boolean {
  const from = cells[SOURCE_COLUMN]
  return from !== undefined && from !== null && from !== ''
}

function toRow(cells: Cells, columns: Columns, row: number): TrainingRow | null {
  if (columns.kind === 'tagged') {
    const tokens = stringsOf(cells[columns.tokens], row, columns.tokens)
    const tags = stringsOf(cells[columns.tags], row, columns.tags)
    if (tokens === null || tags === null) return null
    if (tokens.length !== tags.length)
      throw new UserError('bad-input', `${tokens.length} tokens have ${tags.length} tags.`, {
        where: { row, field: columns.tags },
        hint: 'Every token needs one tag: correct the row and import it again.',
      })
    return { row, label: null, text: tokens.join(' '), pair: null, tagged: { tokens, tags } }
  }
  const text = cellText(cells[columns.text])
  const pair = columns.pair === null ? null : cellText(cells[columns.pair])
  if (text === null || text.trim() === '' || (columns.pair !== null && pair === null)) return null
  return {
    row,
    label: columns.label === null ? null : cellText(cells[columns.label]),
    text,
    pair,
    tagged: null,
  }
}

function cellText(cell: CellValue | undefined): string | null {
  return cell === null || cell === undefined
    ? null
    : Array.isArray(cell)
      ? JSON.stringify(cell)
      : String(cell)
}

function stringsOf(cell: CellValue | undefined, row: number, field: string): string[] | null {
  if (cell === null || cell === undefined) return null
  if (Array.isArray(cell) && cell.every((one) => typeof one === 'string')) return cell
  throw new UserError('bad-input', 'This is not a list of texts.', {
    where: { row, field },
    hint: 'Tokens and tags are lists of texts, as ["B-PER", "O"].',
  })
}

/** The cells of a copy: its source's, with the new text and the source's row. */
export function cellsOf(copy: MadeCopy, cells: Cells, columns: Columns): Record<string, CellValue> {
  const [first, second] = copy.written
  const lineage = { [SOURCE_COLUMN]: copy.source.row }
  if (columns.kind === 'tagged')
    return {
      ...cells,
      ...(typeof first === 'object' && { [columns.tokens]: first.tokens, [columns.tags]: first.tags }),
      ...lineage,
    }
  return {
    ...cells,
    [columns.text]: writtenText(first!),
    ...(columns.pair !== null && { [columns.pair]: writtenText(second!) }),
    ...lineage,
  }
}

export interface RowsToAugment extends AugmentSource {
  /** Of a row that `train` gave. */
  cellsOf(row: TrainingRow): Cells
}

/** A version's rows as augmenters see them. */
export function rowsToAugment(file: VersionFile, columns: Columns): RowsToAugment {
  const cellsOfRow = new WeakMap<TrainingRow, Cells>()
  return {
    *train() {
      for (const { row, cells } of rowsOf(file, columns, 'train')) {
        cellsOfRow.set(row, cells)
        yield row
      }
    },
    *evaluation() {
      for (const split of ['validation', 'test'] as const)
        for (const { row } of rowsOf(file, columns, split))
          yield row.pair === null ? [row.text] : [row.text, row.pair]
    },
    cellsOf: (row) => cellsOfRow.get(row)!,
  }
}
