/** Whether the command palette is open, and the commands that the visible pane adds to it. */
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive } from 'vue'
import type { IconName } from '../components/base/icons'

export interface Command {
  id: string
  label: string
  /** Where it belongs, shown beside it. */
  place: string
  icon: IconName
  shortcut?: string
  run: () => unknown
}

export const usePalette = defineStore('palette', () => {
  const isOpen = ref(false)
  const sources = shallowReactive(new Map<symbol, () => Command[]>())
  const paneCommands = computed(() => [...sources.values()].flatMap((source) => source()))

  /** Adds commands until the returned function is called. */
  function add(source: () => Command[]): () => void {
    const key = Symbol('commands')
    sources.set(key, source)
    return () => sources.delete(key)
  }

  return { isOpen, paneCommands, add }
})
