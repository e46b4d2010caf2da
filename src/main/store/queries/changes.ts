/** What any process changed: the data version tells that something did, the change ticks tell what. */
import { allRows, oneRow, type ReadableDB } from '../handles'

export type ChangeKind = 'run' | 'dataset' | 'job' | 'knowledge' | 'setting' | 'request' | 'study'

export interface Change {
  tick: number
  kind: ChangeKind
  id: string
  isGone: boolean
}

/** A number that moves when another connection has committed. */
export function dataVersion(db: ReadableDB): number {
  return db.pragma('data_version', { simple: true }) as number
}

export function lastTick(db: ReadableDB): number {
  return oneRow<{ tick: number }>(db, 'SELECT coalesce(max(tick), 0) AS tick FROM changes')!.tick
}

export function changesAfter(db: ReadableDB, tick: number): Change[] {
  return allRows<{ tick: number; kind: ChangeKind; id: string; is_gone: number }>(
    db,
    'SELECT tick, kind, id, is_gone FROM changes WHERE tick > $tick ORDER BY tick',
    { tick },
  ).map((row) => ({ tick: row.tick, kind: row.kind, id: row.id, isGone: row.is_gone === 1 }))
}
