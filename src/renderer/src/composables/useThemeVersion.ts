/** Counts theme changes, of the system or of the setting, so that canvases can read their colours again. */
import { ref, type Ref } from 'vue'

const version = ref(0)
let isWatching = false

export function useThemeVersion(): Ref<number> {
  if (!isWatching) {
    isWatching = true
    const bump = (): void => {
      version.value++
    }
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', bump)
    new MutationObserver(bump).observe(document.documentElement, { attributeFilter: ['data-theme'] })
  }
  return version
}
