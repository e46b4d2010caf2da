/** The paths inside events: relative to the data folder in the database, absolute everywhere else. */
import type { RunEvent } from '../../shared/domain/run'

export function mapEventPaths(event: RunEvent, map: (path: string) => string): RunEvent {
  if (event.event === 'checkpoint' || event.event === 'checkpoint-deleted')
    return { ...event, path: map(event.path) }
  if (event.event === 'end') return { ...event, output_dir: map(event.output_dir) }
  return event
}
