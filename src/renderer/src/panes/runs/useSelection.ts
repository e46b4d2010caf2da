/** The runs that are selected, and what is done with all of them at once. */
import { computed, ref, type Ref } from 'vue'
import type { RunTable } from '../../../../shared/domain/runTable'
import type { RunId } from '../../../../shared/ids'
import { ipc } from '../../ipc'
import { useRuns } from '../../stores/runs'

export function useSelection(table: Ref<RunTable | null>) {
  const store = useRuns()
  const chosen = ref<ReadonlySet<RunId>>(new Set())

  /** In the order of the history; those that were deleted meanwhile are gone. */
  const selected = computed(() => [...chosen.value].filter((run) => store.byId.has(run)))
  const isArchived = computed(
    () =>
      selected.value.length > 0 &&
      selected.value.every((run) => table.value?.columns.archived?.[table.value.runs.indexOf(run)] === true),
  )

  /** Selects all of them, or none where all were. */
  function toggle(runs: readonly RunId[]): void {
    const next = new Set(chosen.value)
    const isAll = runs.every((run) => next.has(run))
    for (const run of runs)
      if (isAll) next.delete(run)
      else next.add(run)
    chosen.value = next
  }

  function clear(): void {
    chosen.value = new Set()
  }

  async function archive(archived: boolean): Promise<void> {
    await ipc.history.archive({ runs: selected.value, isArchived: archived })
    clear()
  }

  /** One after the other; what was deleted stays deleted where one cannot be. */
  async function remove(): Promise<void> {
    for (const run of selected.value) await store.remove(run)
    clear()
  }

  const frees = (): Promise<number> => ipc.history.frees({ runs: selected.value })

  return { chosen, selected, isArchived, toggle, clear, archive, remove, frees }
}
