/** The table of runs: what is asked for, what came back, and its rows in order. Read again while runs change. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type {
  RunCatalogue,
  RunTable,
  RunView,
  RunViewState,
  ViewColumn,
} from '../../../../shared/domain/runTable'
import { PROBLEMS, type Problem } from '../../../../shared/domain/tasks'
import type { UserErrorData } from '../../../../shared/errors'
import { filterMistake } from '../../../../shared/filter/parse'
import { useDebounced } from '../../composables/useDebounced'
import { errorData } from '../../format/errorData'
import { ipc } from '../../ipc'
import { useRuns } from '../../stores/runs'
import { automaticColumns, moveColumn, runColumn, type RunColumn } from './columns'
import { isMeasured, tableRows } from './grouping'
import { FIRST_STATE, readViewState, writeViewState } from './viewState'

const TYPING_MS = 150
/** While runs change, reading takes at most a tenth of the time. */
const LEAST_WAIT_MS = 200
const WAIT_TIMES = 10
/** What rows say whatever the columns are. */
const ALWAYS = ['status', 'name', 'reason', 'archived', 'tags']

const NO_NAMES: RunCatalogue = { params: {}, varied: [], metrics: [], tags: [], datasets: [], models: [] }

/** " ± 0.004" */
const SPREAD_WIDTH = 58

export type RunTableModel = ReturnType<typeof useRunTable>

export function useRunTable() {
  const runs = useRuns()
  const isFirst = readViewState(localStorage) === null
  const state = ref<RunViewState>(readViewState(localStorage) ?? FIRST_STATE)
  const catalogue = shallowRef<RunCatalogue>(NO_NAMES)
  const views = shallowRef<RunView[]>([])
  const table = shallowRef<RunTable | null>(null)
  const error = shallowRef<UserErrorData | null>(null)
  const openGroups = ref<ReadonlySet<string>>(new Set())
  /** The last filter that could be read: the table stays at it while another is typed. */
  let applied = ''

  const problems = computed<Problem[]>((before) => {
    const found = new Set(runs.runs.map(({ problem }) => problem))
    const now = PROBLEMS.filter((problem) => found.has(problem))
    return before?.join() === now.join() ? before : now
  })
  const mistake = computed(() =>
    catalogue.value === NO_NAMES
      ? null
      : filterMistake(state.value.filter, { known: catalogue.value, nowMs: Date.now() }),
  )
  const isAutomatic = computed(() => state.value.columns.length === 0)
  const chosen = computed<readonly ViewColumn[]>(() =>
    isAutomatic.value ? automaticColumns(problems.value, catalogue.value) : state.value.columns,
  )
  const columns = computed<RunColumn[]>(() => {
    const problem = problems.value.length === 1 ? problems.value[0]! : null
    return chosen.value
      .map((column) => runColumn(column, catalogue.value, table.value?.columns[column.field] ?? [], problem))
      .filter((column) => column !== null)
      .map((column) => (state.value.groupBy === null ? column : roomForSpread(column, chosen.value)))
      .sort((a, b) => Number(b.isPinned) - Number(a.isPinned))
  })
  const groupColumn = computed(() => {
    const { groupBy } = state.value
    if (groupBy === null) return null
    return runColumn({ field: groupBy }, catalogue.value, table.value?.columns[groupBy] ?? [], null)
  })
  const rows = computed(() =>
    table.value ? tableRows(table.value, state.value.sort, state.value.groupBy, openGroups.value) : [],
  )
  const needed = computed(() => {
    const { sort, groupBy } = state.value
    const keys = [...chosen.value.map(({ field }) => field), ...ALWAYS, sort.column, groupBy ?? []].flat()
    return [...new Set(keys)]
  })

  let lastLoad = 0
  let tookMs = 0
  async function load(): Promise<void> {
    const mine = ++lastLoad
    const startMs = performance.now()
    try {
      const known = await ipc.history.catalogue({})
      if (mine !== lastLoad) return
      catalogue.value = known
      if (mistake.value === null) applied = state.value.filter
      const found = await ipc.history.table({ filter: applied, columns: needed.value })
      if (mine !== lastLoad) return
      table.value = found
      error.value = null
    } catch (thrown) {
      if (mine === lastLoad) error.value = errorData(thrown)
    } finally {
      tookMs = performance.now() - startMs
    }
  }

  /** Soon, and once however much changed meanwhile. */
  let timer: ReturnType<typeof setTimeout> | undefined
  function reload(): void {
    timer ??= setTimeout(
      () => {
        timer = undefined
        void load()
      },
      Math.max(LEAST_WAIT_MS, WAIT_TIMES * tookMs),
    )
  }
  const stops = [ipc.runs.onChanged(reload), ipc.runs.onDeleted(reload)]
  onScopeDispose(() => {
    clearTimeout(timer)
    for (const stop of stops) stop()
  })

  useDebounced(
    () => state.value.filter,
    () => void load(),
    TYPING_MS,
  )
  watch(needed, (now, before) => {
    if (now.some((key) => !before.includes(key))) void load()
  })
  watch(state, () => writeViewState(localStorage, state.value), { deep: true })

  async function loadViews(): Promise<void> {
    views.value = await ipc.history.views({})
    const first = views.value.find(({ isDefault }) => isDefault)
    if (first && isFirst) show(first.state)
  }

  function show(next: RunViewState): void {
    state.value = structuredClone(next)
  }

  function sortBy(column: string): void {
    const { sort } = state.value
    const isNumber = columns.value.find(({ key }) => key === column)?.isNumber ?? false
    state.value.sort = { column, descending: sort.column === column ? !sort.descending : isNumber }
  }

  /** From here on the columns are the user's; none: the automatic ones. */
  function setColumns(next: readonly ViewColumn[]): void {
    state.value.columns = [...next]
  }

  function change(field: string, { width, isPinned }: { width?: number | null; isPinned?: boolean }): void {
    setColumns(
      chosen.value.map((column) => {
        if (column.field !== field) return column
        const { width: had, ...rest } = column
        const wide = width === undefined ? had : (width ?? undefined)
        return {
          ...rest,
          ...(wide !== undefined && { width: wide }),
          ...(isPinned !== undefined && { isPinned }),
        }
      }),
    )
  }

  function move(field: string, before: string | null): void {
    setColumns(moveColumn(chosen.value, field, before))
  }

  function toggleGroup(key: string): void {
    const next = new Set(openGroups.value)
    if (!next.delete(key)) next.add(key)
    openGroups.value = next
  }

  return {
    state,
    catalogue,
    views,
    table,
    error,
    mistake,
    isAutomatic,
    chosen,
    columns,
    groupColumn,
    rows,
    load,
    loadViews,
    show,
    sortBy,
    setColumns,
    change,
    move,
    toggleGroup,
  }
}

/** Of a column whose width nobody chose. */
function roomForSpread(column: RunColumn, chosen: readonly ViewColumn[]): RunColumn {
  const isChosen = chosen.some(({ field, width }) => field === column.key && width !== undefined)
  return isChosen || !isMeasured(column) ? column : { ...column, width: column.width + SPREAD_WIDTH }
}
