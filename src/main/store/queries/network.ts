/** Requests made of the network: the newest ten thousand. */
import type { NetworkAttempt } from '../../../shared/domain/network'
import { allRows, change, oneRow, type ReadableDB, type WritableDB } from '../handles'

const KEPT = 10_000

/** Its id. */
export function insertAttempt(db: WritableDB, attempt: NetworkAttempt): number {
  const { atMs, origin, method, url, purpose, outcome } = attempt
  const row = oneRow<{ id: number }>(
    db,
    `INSERT INTO network_attempts (at_ms, origin, method, url, purpose, outcome)
     VALUES ($atMs, $origin, $method, $url, $purpose, $outcome) RETURNING id`,
    { atMs, origin, method, url, purpose, outcome },
  )!
  change(db, 'DELETE FROM network_attempts WHERE id <= $oldest', { oldest: row.id - KEPT })
  return row.id
}

export function endAttempt(db: WritableDB, id: number, outcome: string): void {
  change(db, 'UPDATE network_attempts SET outcome = $outcome WHERE id = $id', { id, outcome })
}

/** The newest first. */
export function listAttempts(db: ReadableDB, limit: number): NetworkAttempt[] {
  return allRows<NetworkAttempt>(
    db,
    `SELECT at_ms AS atMs, origin, method, url, purpose, outcome
     FROM network_attempts ORDER BY id DESC LIMIT $limit`,
    { limit },
  )
}
