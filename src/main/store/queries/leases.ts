/** Leases and requests: who works on a run or job, and what others ask of that process. */
import { allRows, change, oneRow, type ReadableDB, type WritableDB } from '../handles'

export type LeaseKind = 'run' | 'job' | 'study'
export type Action = 'cancel' | 'pause' | 'unpause'

/** A process, told apart from a later one with the same id by when it started. */
export interface Owner {
  owner: 'window' | 'cli'
  pid: number
  processStarted: string
}

export interface Lease extends Owner {
  kind: LeaseKind
  id: string
  workerPid: number | null
  workerStarted: string | null
  heartbeatAtMs: number
}

const columns = `kind, id, owner, pid, process_started AS processStarted, worker_pid AS workerPid,
  worker_started AS workerStarted, heartbeat_at_ms AS heartbeatAtMs`

/** Takes the lease, in place of whoever had it: the caller has made sure that nobody lives there. */
export function takeLease(db: WritableDB, kind: LeaseKind, id: string, owner: Owner, atMs: number): void {
  change(
    db,
    `INSERT OR REPLACE INTO leases (kind, id, owner, pid, process_started, heartbeat_at_ms)
     VALUES ($kind, $id, $owner, $pid, $processStarted, $atMs)`,
    { kind, id, owner: owner.owner, pid: owner.pid, processStarted: owner.processStarted, atMs },
  )
}

export function setLeaseWorker(
  db: WritableDB,
  kind: LeaseKind,
  id: string,
  worker: { pid: number; started: string } | null,
): void {
  change(
    db,
    'UPDATE leases SET worker_pid = $pid, worker_started = $started WHERE kind = $kind AND id = $id',
    { kind, id, pid: worker?.pid ?? null, started: worker?.started ?? null },
  )
}

export function beat(db: WritableDB, owner: Owner, atMs: number): void {
  change(
    db,
    'UPDATE leases SET heartbeat_at_ms = $atMs WHERE pid = $pid AND process_started = $processStarted',
    { atMs, pid: owner.pid, processStarted: owner.processStarted },
  )
}

export function releaseLease(db: WritableDB, kind: LeaseKind, id: string): void {
  change(db, 'DELETE FROM leases WHERE kind = $kind AND id = $id', { kind, id })
}

export function findLease(db: ReadableDB, kind: LeaseKind, id: string): Lease | undefined {
  return oneRow<Lease>(db, `SELECT ${columns} FROM leases WHERE kind = $kind AND id = $id`, { kind, id })
}

export function listLeases(db: ReadableDB): Lease[] {
  return allRows<Lease>(db, `SELECT ${columns} FROM leases`)
}

export function isOwner(db: ReadableDB, kind: LeaseKind, id: string, owner: Owner): boolean {
  const lease = findLease(db, kind, id)
  return lease?.pid === owner.pid && lease.processStarted === owner.processStarted
}

export function addRequest(db: WritableDB, kind: LeaseKind, id: string, action: Action, atMs: number): void {
  change(db, 'INSERT INTO requests (kind, id, action, at_ms) VALUES ($kind, $id, $action, $atMs)', {
    kind,
    id,
    action,
    atMs,
  })
}

/** Takes the requests to this owner out of the table, oldest first. */
export function takeRequests(
  db: WritableDB,
  owner: Owner,
): { kind: LeaseKind; id: string; action: Action }[] {
  const mine = allRows<{ seq: number; kind: LeaseKind; id: string; action: Action }>(
    db,
    `SELECT seq, requests.kind, requests.id, action FROM requests
     JOIN leases ON leases.kind = requests.kind AND leases.id = requests.id
     WHERE leases.pid = $pid AND leases.process_started = $processStarted ORDER BY seq`,
    { pid: owner.pid, processStarted: owner.processStarted },
  )
  for (const { seq } of mine) change(db, 'DELETE FROM requests WHERE seq = $seq', { seq })
  return mine.map(({ kind, id, action }) => ({ kind, id, action }))
}

/** Drops requests that nobody can answer any more. */
export function dropRequests(db: WritableDB, kind: LeaseKind, id: string): void {
  change(db, 'DELETE FROM requests WHERE kind = $kind AND id = $id', { kind, id })
}
