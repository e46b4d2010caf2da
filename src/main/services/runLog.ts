/** The whole course of a run in order: logged steps come from the metrics, everything else from the event log. */
import type { RunEvent, StepMetrics } from '../../shared/domain/run'
import type { RunId } from '../../shared/ids'
import { stepsAfter } from '../store/queries/metrics'
import { eventsAfter } from '../store/queries/runEvents'
import type { ServiceContext } from './context'

export function runLog(ctx: Pick<ServiceContext, 'db'>, run: RunId): RunEvent[] {
  const logged = eventsAfter(ctx.db, run, 0).map(({ event }) => event)
  return mergeSteps(logged, stepsAfter(ctx.db, run, 0))
}

/** Puts steps before the first event that belongs to the same or a later step. */
export function mergeSteps(logged: readonly RunEvent[], steps: readonly StepMetrics[]): RunEvent[] {
  const merged: RunEvent[] = []
  let next = 0
  for (const event of logged) {
    const until = 'step' in event ? event.step : event.event === 'end' ? Infinity : -1
    while (next < steps.length && steps[next]!.step <= until)
      merged.push({ event: 'step', ...steps[next++]! })
    merged.push(event)
  }
  while (next < steps.length) merged.push({ event: 'step', ...steps[next++]! })
  return merged
}
