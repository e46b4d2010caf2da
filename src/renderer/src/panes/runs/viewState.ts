/** The table as it was left: filter, columns, order, groups; kept over a restart of the window. */
import { RunViewState } from '../../../../shared/domain/runTable'

const KEY = 'tunesmith.runs'

/** No columns: those chosen automatically. */
export const FIRST_STATE: RunViewState = {
  filter: '',
  columns: [],
  sort: { column: 'created', descending: true },
  groupBy: null,
}

/** What does not parse is forgotten. */
export function readViewState(storage: Storage): RunViewState | null {
  try {
    return RunViewState.parse(JSON.parse(storage.getItem(KEY) ?? 'null'))
  } catch {
    return null
  }
}

export function writeViewState(storage: Storage, state: RunViewState): void {
  storage.setItem(KEY, JSON.stringify(state))
}
