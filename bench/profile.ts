/** Node-level profiles of ONNX Runtime: the best time of each node over the runs, summed by operator. */
import { readFileSync } from 'node:fs'

export interface ProfileEvent {
  readonly cat: string
  readonly name: string
  /** Microseconds. */
  readonly dur: number
  readonly args: { readonly op_name?: string; readonly output_size?: string }
}

export interface ProfileRow {
  readonly key: string
  count: number
  milliseconds: number
}

/**
 * Sums over nodes of their best times, largest first. The best of many runs is what the node costs
 * on a machine that does nothing else.
 */
export function profileRows(
  file: string,
  keyOf: (event: ProfileEvent, node: string) => string = (event) => event.args.op_name ?? '',
): ProfileRow[] {
  const events = JSON.parse(readFileSync(file, 'utf8')) as ProfileEvent[]
  const best = new Map<string, ProfileEvent>()
  for (const event of events) {
    if (event.cat !== 'Node' || !event.name.endsWith('_kernel_time')) continue
    const known = best.get(event.name)
    if (!known || event.dur < known.dur) best.set(event.name, event)
  }
  const rows = new Map<string, ProfileRow>()
  for (const [name, event] of best) {
    const key = keyOf(event, name.replace(/_kernel_time$/, ''))
    const row = rows.get(key) ?? { key, count: 0, milliseconds: 0 }
    row.count++
    row.milliseconds += event.dur / 1000
    rows.set(key, row)
  }
  return [...rows.values()].sort((a, b) => b.milliseconds - a.milliseconds)
}
