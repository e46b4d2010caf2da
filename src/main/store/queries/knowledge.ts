/** The user's own knowledge entries: the text of a Markdown file each. */
import { allRows, change, oneRow, type ReadableDB, type WritableDB } from '../handles'

export interface OwnEntryRow {
  id: string
  source: string
}

export function ownEntries(db: ReadableDB): OwnEntryRow[] {
  return allRows<OwnEntryRow>(db, 'SELECT id, source FROM knowledge_entries ORDER BY id')
}

/** A number that grows when any process changes an entry. */
export function knowledgeTick(db: ReadableDB): number {
  return oneRow<{ tick: number }>(
    db,
    "SELECT coalesce(max(tick), 0) AS tick FROM changes WHERE kind = 'knowledge'",
  )!.tick
}

export function saveOwnEntry(db: WritableDB, { id, source }: OwnEntryRow, nowMs: number): void {
  change(
    db,
    `INSERT INTO knowledge_entries (id, source, updated_at_ms) VALUES ($id, $source, $nowMs)
     ON CONFLICT (id) DO UPDATE SET source = excluded.source, updated_at_ms = excluded.updated_at_ms`,
    { id, source, nowMs },
  )
}

export function deleteOwnEntry(db: WritableDB, id: string): boolean {
  return change(db, 'DELETE FROM knowledge_entries WHERE id = $id', { id }) > 0
}
