/** Calls `action` once the source has been still for a while. */
import { onScopeDispose, watch, type WatchSource } from 'vue'

export function useDebounced(source: WatchSource<unknown>, action: () => void, waitMs: number): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    source,
    () => {
      clearTimeout(timer)
      timer = setTimeout(action, waitMs)
    },
    { deep: true },
  )
  onScopeDispose(() => clearTimeout(timer))
}
