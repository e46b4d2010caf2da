/** What the user adds to a run: name, tags, note, archive; the views that are kept; and where a run comes from. */
import type { Lineage, RunView, RunViewState } from '../../../shared/domain/runTable'
import { madeBy, madeFrom, type BriefSource } from '../../../shared/domain/versionSource'
import type { RunId, ViewId } from '../../../shared/ids'
import { allRows, change, inTransaction, oneRow, type ReadableDB, type WritableDB } from '../handles'
import { decode } from '../rows'

export function tagsOf(db: ReadableDB, run: RunId): string[] {
  return allRows<{ tag: string }>(db, 'SELECT tag FROM run_tags WHERE run_id = $run ORDER BY tag', {
    run,
  }).map(({ tag }) => tag)
}

export function addTag(db: WritableDB, run: RunId, tag: string): void {
  change(db, 'INSERT INTO run_tags (run_id, tag) VALUES ($run, $tag) ON CONFLICT DO NOTHING', { run, tag })
}

export function removeTag(db: WritableDB, run: RunId, tag: string): void {
  change(db, 'DELETE FROM run_tags WHERE run_id = $run AND tag = $tag', { run, tag })
}

export function setNote(db: WritableDB, run: RunId, note: string | null): void {
  change(db, 'UPDATE runs SET note = $note WHERE id = $run', { run, note })
}

/** `null` brings it back. */
export function setArchived(db: WritableDB, run: RunId, atMs: number | null): void {
  change(db, 'UPDATE runs SET archived_at_ms = $atMs WHERE id = $run', { run, atMs })
}

interface ViewRow {
  id: string
  name: string
  is_default: number
  state_json: string
}

export function listViews(db: ReadableDB): RunView[] {
  return allRows<ViewRow>(db, 'SELECT id, name, is_default, state_json FROM run_views ORDER BY name').map(
    (row) => ({
      id: row.id as ViewId,
      name: row.name,
      isDefault: row.is_default === 1,
      state: decode<RunViewState>(row.state_json),
    }),
  )
}

export function findViewNamed(db: ReadableDB, name: string): ViewId | undefined {
  return oneRow<{ id: ViewId }>(db, 'SELECT id FROM run_views WHERE name = $name', { name })?.id
}

/** Writes a view over the one of that id; at most one is the default. */
export function writeView(db: WritableDB, view: RunView, atMs: number): void {
  inTransaction(db, () => {
    if (view.isDefault) change(db, 'UPDATE run_views SET is_default = 0 WHERE id <> $id', { id: view.id })
    change(
      db,
      `INSERT INTO run_views (id, name, is_default, state_json, created_at_ms)
       VALUES ($id, $name, $isDefault, $state, $atMs)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, is_default = excluded.is_default,
         state_json = excluded.state_json`,
      {
        id: view.id,
        name: view.name,
        isDefault: view.isDefault ? 1 : 0,
        state: JSON.stringify(view.state),
        atMs,
      },
    )
  })
}

export function deleteView(db: WritableDB, id: ViewId): void {
  change(db, 'DELETE FROM run_views WHERE id = $id', { id })
}

type RunRef = Lineage['forks'][number]

export function forkOrigin(db: ReadableDB, run: RunId): Lineage['forkedFrom'] {
  const row = oneRow<RunRef & { step: number | null }>(
    db,
    `SELECT parent.id AS run, parent.number, parent.name, runs.forked_from_step AS step
     FROM runs JOIN runs AS parent ON parent.id = runs.forked_from_run WHERE runs.id = $run`,
    { run },
  )
  return row ?? null
}

export function forksOf(db: ReadableDB, run: RunId): RunRef[] {
  return allRows<RunRef>(
    db,
    'SELECT id AS run, number, name FROM runs WHERE forked_from_run = $run ORDER BY number',
    { run },
  )
}

/** When it was queued again after it had ended. */
export function resumptions(db: ReadableDB, run: RunId): number[] {
  return allRows<{ at_ms: number }>(
    db,
    `SELECT at_ms FROM run_events
     WHERE run_id = $run AND kind = 'state' AND json_extract(event_json, '$.state') = 'queued' ORDER BY seq`,
    { run },
  ).map((row) => row.at_ms)
}

interface VersionRow {
  name: string
  number: number
  sha256: string
  source_json: string
}

/** A dataset version and those it was made from, as far as they are there. */
export function versionChain(db: ReadableDB, version: string | null): Lineage['data'] {
  const chain: Lineage['data'] = []
  const seen = new Set<string>()
  let next = version
  while (next !== null && !seen.has(next)) {
    seen.add(next)
    const row = oneRow<VersionRow>(
      db,
      `SELECT datasets.name, dataset_versions.number, sha256,
         json_remove(source_json, '$.recipe.edits') AS source_json FROM dataset_versions
       JOIN datasets ON datasets.id = dataset_id WHERE dataset_versions.id = $id`,
      { id: next },
    )
    if (!row) break
    const source = decode<BriefSource>(row.source_json)
    chain.push({
      name: row.name,
      number: row.number,
      sha256: row.sha256,
      madeBy: madeBy(source),
    })
    next = madeFrom(source)
  }
  return chain
}
