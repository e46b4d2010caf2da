/** A dataset version from another by a recipe: the source stays as it is. */
import type { DerivedSource } from '../../shared/domain/dataset'
import type { CellEdit, Derivation } from '../../shared/domain/derivation'
import { LEAK_WORDS } from '../../shared/domain/leaks'
import { UserError } from '../../shared/errors'
import type { DatasetVersionId } from '../../shared/ids'
import type { VersionFile } from './file/openVersion'
import type { NewRow, StoredRow } from './file/schema'
import { writeVersionFile, type WrittenVersion } from './file/writeVersion'
import { leakingTrainRows, type LeakHooks } from './overlap/leaks'
import { Rejects } from './readers/row'

export interface DeriveRequest {
  version: DatasetVersionId
  recipe: Derivation
  outputFile: string
}

/** What a recipe makes of a row: the row, or null where it goes. */
type Change = (row: StoredRow) => StoredRow | null

/** @throws UserError('bad-config') where the recipe names what is not there, or changes nothing */
export async function deriveVersion(
  file: VersionFile,
  { version, recipe, outputFile }: DeriveRequest,
  hooks: LeakHooks = {},
): Promise<WrittenVersion> {
  const rejects = new Rejects()
  const change =
    recipe.kind === 'edit-cells' ? editing(file, recipe.edits) : await removing(file, recipe, rejects, hooks)
  const source: DerivedSource = { kind: 'derived', version, sha256: file.meta.sha256, recipe, rows: 0 }
  function* rows(): Generator<NewRow> {
    for (const row of file.iterate()) {
      const changed = change(row)
      if (changed !== row) source.rows++
      if (changed) yield { cells: changed.cells, sourceRow: changed.sourceRow, split: changed.split }
    }
  }
  const total = file.count()
  return writeVersionFile(
    outputFile,
    rows(),
    { source, splitRule: file.meta.splitRule, rejected: () => rejects, deal: null },
    {
      onProgress: (done) => hooks.onProgress?.(done, total),
      ...(hooks.signal && { signal: hooks.signal }),
    },
  )
}

async function removing(
  file: VersionFile,
  { columns, kinds }: Extract<Derivation, { kind: 'remove-leaks' }>,
  rejects: Rejects,
  hooks: LeakHooks,
): Promise<Change> {
  for (const column of columns) file.requireColumn(column, 'recipe.columns')
  const leaking = await leakingTrainRows(file, columns, kinds, hooks)
  if (leaking.size === 0)
    throw new UserError('bad-config', 'No training row matches a held-out row in these ways.', {
      hint: 'The dataset stays as it is.',
    })
  if (leaking.size === file.count('train'))
    throw new UserError('bad-config', 'Every training row matches a held-out row: none would be left.', {
      hint: 'Remove fewer kinds of matches, or split the data again.',
    })
  return (row) => {
    const found = leaking.get(row.ordinal)
    if (!found) return row
    const reason = `removed from train: ${LEAK_WORDS[found.kind]} with ${found.heldSplit} row ${found.heldRow}`
    rejects.add(row.sourceRow, columns[0]!, reason, String(row.cells[columns[0]!] ?? ''))
    return null
  }
}

function editing(file: VersionFile, edits: readonly CellEdit[]): Change {
  const byRow = new Map<number, CellEdit[]>()
  for (const edit of edits) {
    file.requireColumn(edit.column, 'recipe.edits')
    if (edit.ordinal >= file.count())
      throw new UserError('bad-config', `There is no row ${edit.ordinal + 1} to edit.`, {
        where: { field: 'recipe.edits' },
        hint: `The version has ${file.count()} rows.`,
      })
    byRow.set(edit.ordinal, [...(byRow.get(edit.ordinal) ?? []), edit])
  }
  return (row) => {
    const own = byRow.get(row.ordinal)
    if (!own) return row
    const cells = { ...row.cells }
    for (const { column, value } of own) cells[column] = value
    return { ...row, cells }
  }
}
