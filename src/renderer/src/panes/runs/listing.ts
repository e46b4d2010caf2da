/** How long a run took, or has taken so far. */
import type { RunSummary } from '../../../../shared/domain/run'

export function durationMs(run: RunSummary, nowMs: number): number | null {
  if (run.startedAtMs === null) return null
  return (run.endedAtMs ?? nowMs) - run.startedAtMs
}
