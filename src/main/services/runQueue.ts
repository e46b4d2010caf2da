/**
 * The queue: one run at a time on a device, in the order they were queued, over all processes. A queued run is
 * started by the process that holds its lease; one whose process is gone does not hold up the others.
 */
import { invariant, UserError } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import { inTransaction, type WritableDB } from '../store/handles'
import { findLease, takeLease, type Owner } from '../store/queries/leases'
import { recordState } from '../store/queries/recordEvents'
import { findRun, runsInStates, setQueueOrder } from '../store/queries/runs'
import type { RunRow } from '../store/rows'
import { isGone } from './processIdentity'

/** Takes the next run that this process may start and marks it preparing; null where there is none. */
export function claimNext(db: WritableDB, owner: Owner, atMs: number): RunRow | null {
  return inTransaction(db, () => {
    const busy = new Set(
      runsInStates(db, ['preparing', 'running', 'paused'])
        .filter((row) => isHeld(db, row))
        .map((row) => row.device),
    )
    for (const row of runsInStates(db, ['queued'])) {
      if (busy.has(row.device) || !isHeld(db, row)) continue
      busy.add(row.device)
      const lease = findLease(db, 'run', row.id)!
      if (lease.pid !== owner.pid || lease.processStarted !== owner.processStarted) continue
      invariant(recordState(db, row.id as RunId, 'preparing', null, atMs), 'a queued run can start')
      return row
    }
    return null
  })
}

/** The window takes over queued runs of a window that is gone. */
export function adoptQueued(db: WritableDB, owner: Owner, atMs: number): void {
  if (owner.owner !== 'window') return
  inTransaction(db, () => {
    for (const row of runsInStates(db, ['queued']))
      if (row.owner === 'window' && !isHeld(db, row)) takeLease(db, 'run', row.id, owner, atMs)
  })
}

/** Puts a run that waits before another that waits, or last. @throws UserError `conflict` where one does not wait */
export function moveInQueue(db: WritableDB, run: RunId, before: RunId | null): void {
  if (run === before) return
  inTransaction(db, () => {
    const queued = runsInStates(db, ['queued'])
    const waiting = (id: RunId): RunRow => {
      const row = queued.find((each) => each.id === id)
      if (row) return row
      const { name = id, state = 'gone' } = findRun(db, id) ?? {}
      throw new UserError('conflict', `${name} is ${state}; it does not wait in the queue any more.`)
    }
    const moved = waiting(run)
    const others = queued.filter((row) => row !== moved)
    const place = before === null ? others.length : others.indexOf(waiting(before))
    setQueueOrder(db, others.toSpliced(place, 0, moved))
  })
}

/** The run that this one waits for, for a person to read. */
export function aheadOf(db: WritableDB, id: RunId): RunRow | null {
  const rows = runsInStates(db, ['preparing', 'running', 'paused', 'queued'])
  const mine = rows.find((row) => row.id === id)
  if (mine?.state !== 'queued') return null
  return rows.find((row) => row.id !== id && row.device === mine.device && isHeld(db, row)) ?? null
}

function isHeld(db: WritableDB, row: RunRow): boolean {
  const lease = findLease(db, 'run', row.id)
  return lease !== undefined && !isGone(lease)
}
