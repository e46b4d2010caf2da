/** A job: anything long that is not a run (import, augmentation, export, verify). Same rules: progress, cancel, an owner. */
import type { UserErrorData } from '../errors'
import type { JobId } from '../ids'

export type JobKind =
  | 'import'
  | 'sample'
  | 'augment'
  | 'augment-comparison'
  | 'derive'
  | 'export'
  | 'verify'
  | 'measure'
  | 'tokenizer'
  | 'download'
export type JobState = 'running' | 'done' | 'failed' | 'cancelled'

export interface Job {
  id: JobId
  kind: JobKind
  title: string
  state: JobState
  done: number
  /** Total units, or null while it is not known. */
  total: number | null
  unit: string
  startedAtMs: number
  endedAtMs: number | null
  error: UserErrorData | null
  /** What it made: a dataset version id, a bundle path. */
  result: Record<string, string> | null
}
