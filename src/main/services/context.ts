/** What every service works with: the database, the data folder, the port that starts workers, the log. */
import type { ReadableDB, WritableDB } from '../store/handles'
import type { Owner } from '../store/queries/leases'
import type { Home } from './home'
import type { Log } from './log'
import type { WorkerPool } from './workerPool'

export interface Limits {
  /** A worker says it is ready within this time. */
  readyMs: number
  /** A worker that was asked to cancel ends within this time, or is ended. */
  cancelMs: number
  /** How often changes by other processes are looked for. */
  watchMs: number
  /** How often leases are renewed and those of dead processes cleared. */
  leaseMs: number
  /** Figures of a run are written together, at most once in this time. */
  flushMs: number
  /** An idle worker is kept this long for the next task. */
  idleMs: number
}

export const DEFAULT_LIMITS: Limits = {
  readyMs: 60_000,
  cancelMs: 30_000,
  watchMs: 200,
  leaseMs: 2_000,
  flushMs: 100,
  idleMs: 30_000,
}

export interface Versions {
  app: string
  electron: string | null
}

export interface ServiceContext {
  db: WritableDB
  reader: ReadableDB
  home: Home
  owner: Owner
  workers: WorkerPool
  log: Log
  limits: Limits
  versions: Versions
  now: () => number
}
