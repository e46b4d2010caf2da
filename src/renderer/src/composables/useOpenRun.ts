/** The detail and curves of the run with this id, held open while the component lives. */
import { computed, onScopeDispose, watch, type ComputedRef, type Ref } from 'vue'
import type { RunId } from '../../../shared/ids'
import { useOpenRuns, type OpenRun } from '../stores/openRuns'

export function useOpenRun(id: Ref<RunId | null>): ComputedRef<OpenRun | null> {
  const store = useOpenRuns()
  watch(
    id,
    (now, before) => {
      if (now) store.acquire(now)
      if (before) store.release(before)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    if (id.value) store.release(id.value)
  })
  return computed(() => (id.value ? (store.open.get(id.value) ?? null) : null))
}
