/** The history: searching runs, what the user adds to them, views of the table, and where a run comes from. */
import type { Block } from '../../shared/domain/knowledge'
import { ENDED_STATES, type RunState } from '../../shared/domain/run'
import type {
  RunCatalogue,
  RunTable,
  RunTableQuery,
  RunView,
  RunViewState,
} from '../../shared/domain/runTable'
import { UserError } from '../../shared/errors'
import { fieldKey, resolveField, type Field } from '../../shared/filter/fields'
import { parseFilter } from '../../shared/filter/parse'
import { FilterError, type Filter } from '../../shared/filter/tree'
import type { RunId, ViewId } from '../../shared/ids'
import type { RunAnnotations } from '../../shared/ipc/history'
import { parseMarkdown } from '../knowledge/markdown'
import { inSnapshot, inTransaction } from '../store/handles'
import {
  addTag,
  deleteView,
  findViewNamed,
  forkOrigin,
  forksOf,
  listViews,
  removeTag,
  resumptions,
  setArchived,
  setNote,
  tagsOf,
  versionChain,
  writeView,
} from '../store/queries/annotations'
import { findRun } from '../store/queries/runs'
import {
  countRuns,
  distinctOf,
  figureNames,
  paramValues,
  readRunTable,
  runTick,
} from '../store/queries/runTable'
import type { RunRow } from '../store/rows'
import type { ServiceContext } from './context'
import { folderBytes } from './diskSpace'
import { fromStored } from './home'
import { newId } from './newId'

/** Values offered for a setting. */
const OFFERED_VALUES = 20

export interface HistoryService {
  /** @throws UserError `bad-input` that points at the character */
  table(query: RunTableQuery): RunTable
  catalogue(): RunCatalogue
  annotations(run: RunId): RunAnnotations
  /** Adds and removes tags of several runs, all or none. */
  tag(runs: readonly RunId[], change: { add: readonly string[]; remove: readonly string[] }): void
  note(run: RunId, text: string): void
  archive(runs: readonly RunId[], isArchived: boolean): void
  /** Bytes on disk that deleting the runs frees. */
  frees(runs: readonly RunId[]): Promise<number>
  views(): RunView[]
  /** A new view, or over the one with this id. @throws UserError `conflict` where the name is taken */
  saveView(view: { id: ViewId | null; name: string; isDefault: boolean; state: RunViewState }): RunView
  deleteView(id: ViewId): void
}

export function historyService(ctx: ServiceContext): HistoryService {
  let known: { catalogue: RunCatalogue; tick: number } | undefined

  /** Read again when any run changed since. */
  function catalogue(): RunCatalogue {
    const tick = runTick(ctx.db)
    if (known?.tick === tick) return known.catalogue
    const read = inSnapshot(ctx.db, () => ({
      ...paramValues(ctx.db, OFFERED_VALUES),
      metrics: figureNames(ctx.db),
      tags: distinctOf(ctx.db, 'tag'),
      datasets: distinctOf(ctx.db, 'dataset'),
      models: distinctOf(ctx.db, 'model'),
    }))
    known = { catalogue: read, tick }
    return read
  }

  function rowOf(run: RunId): RunRow {
    const row = findRun(ctx.db, run)
    if (row) return row
    throw new UserError('not-found', `There is no run ${run}.`, { hint: 'It may have been deleted.' })
  }

  function forEach(runs: readonly RunId[], work: (run: RunId) => void): void {
    inTransaction(ctx.db, () => {
      for (const run of runs) work(rowOf(run).id as RunId)
    })
  }

  return {
    table({ filter, columns }) {
      const names = catalogue()
      const fields = columns
        .map((column) => resolveField(plainKey(column), names))
        .filter((field): field is Field => field !== undefined)
      const distinct = [...new Map(fields.map((field) => [fieldKey(field), field])).values()]
      return inSnapshot(ctx.db, () => ({
        ...readRunTable(ctx.db, read(filter, names, ctx.now()), distinct, ctx.now()),
        total: countRuns(ctx.db),
      }))
    },
    catalogue,
    annotations(run) {
      const row = rowOf(run)
      return inSnapshot(ctx.db, () => ({
        tags: tagsOf(ctx.db, run),
        note: row.note ?? '',
        noteText: noteText(row.note ?? ''),
        archivedAtMs: row.archived_at_ms,
        lineage: {
          forkedFrom: forkOrigin(ctx.db, run),
          forks: forksOf(ctx.db, run),
          resumedAtMs: resumptions(ctx.db, run),
          data: versionChain(ctx.db, row.dataset_version_id),
        },
      }))
    },
    tag(runs, { add, remove }) {
      forEach(runs, (run) => {
        for (const tag of remove) removeTag(ctx.db, run, tag)
        for (const tag of add) addTag(ctx.db, run, tag)
      })
    },
    note: (run, text) => setNote(ctx.db, rowOf(run).id as RunId, text.trim() === '' ? null : text),
    archive(runs, isArchived) {
      forEach(runs, (run) => {
        const row = rowOf(run)
        if (isArchived && !ENDED_STATES.includes(row.state as RunState))
          throw new UserError('conflict', `${row.name} is ${row.state}.`, {
            hint: 'Cancel it first, then archive it.',
          })
        setArchived(ctx.db, run, isArchived ? ctx.now() : null)
      })
    },
    async frees(runs) {
      // A folder that the user chose stays; only what lies in the data folder goes.
      const folders = runs
        .map((run) => fromStored(ctx.home, rowOf(run).run_dir))
        .filter((folder) => folder.startsWith(ctx.home.runs))
      const sizes = await Promise.all(folders.map((folder) => folderBytes(folder)))
      return sizes.reduce((sum, bytes) => sum + bytes, 0)
    },
    views: () => listViews(ctx.db),
    saveView({ id, name, isDefault, state }) {
      const view: RunView = { id: id ?? newId<ViewId>(), name, isDefault, state }
      const owner = findViewNamed(ctx.db, name)
      if (owner !== undefined && owner !== view.id)
        throw new UserError('conflict', `There is already a view called ${name}.`, {
          where: { field: 'name' },
          hint: 'Choose another name, or open that view and save it.',
        })
      writeView(ctx.db, view, ctx.now())
      return view
    },
    deleteView: (id) => deleteView(ctx.db, id),
  }
}

/** Keys of columns carry backticks around odd names; resolved names do not. */
function plainKey(key: string): string {
  return key.replace(/`/g, '')
}

function read(text: string, known: RunCatalogue, nowMs: number): Filter | null {
  try {
    return parseFilter(text, { known, nowMs })
  } catch (error) {
    if (error instanceof FilterError) throw filterError(error, text)
    throw error
  }
}

/** The mistake with the text around it, for a line of a terminal. */
function filterError({ message, from, to, hint }: FilterError, text: string): UserError {
  const excerpt = text.slice(from, Math.min(to, from + 40))
  const near = excerpt === '' ? 'at its end' : `at "${excerpt}"`
  return new UserError('bad-input', `The filter cannot be read: ${message}`, {
    where: { field: `filter, character ${from + 1}, ${near}` },
    ...(hint && { hint }),
  })
}

function noteText(note: string): Block[] | null {
  try {
    return parseMarkdown(note)
  } catch (error) {
    if (error instanceof UserError) return null
    throw error
  }
}
