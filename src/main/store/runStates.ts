/** Which state may follow which. An event that asks for anything else came too late and is not recorded. */
import type { RunState } from '../../shared/domain/run'

const ENDS: readonly RunState[] = ['completed', 'stopped', 'cancelled', 'failed', 'interrupted']

const FOLLOWERS: Record<RunState, readonly RunState[]> = {
  queued: ['preparing', 'cancelled', 'failed', 'interrupted'],
  preparing: ['running', 'paused', ...ENDS],
  running: ['paused', ...ENDS],
  paused: ['running', ...ENDS],
  completed: [],
  stopped: [],
  cancelled: ['queued'],
  failed: ['queued'],
  interrupted: ['queued'],
}

export function mayFollow(before: RunState, after: RunState): boolean {
  return FOLLOWERS[before].includes(after)
}
