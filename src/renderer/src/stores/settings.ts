/** The user's settings, and the theme they put on the page. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import type { Settings } from '../../../shared/ipc/app'
import { ipc } from '../ipc'

const THEMES = ['system', 'light', 'dark'] as const

export const useSettings = defineStore('settings', () => {
  const settings = ref<Settings>({ theme: 'system', onCloseWhileTraining: 'ask', hubEndpoint: null })

  watch(
    () => settings.value.theme,
    (theme) => {
      if (theme === 'system') delete document.documentElement.dataset.theme
      else document.documentElement.dataset.theme = theme
    },
  )

  async function load(): Promise<void> {
    ipc.app.onSettings((next) => (settings.value = next))
    settings.value = await ipc.app.settings({})
  }

  async function save(patch: Partial<Settings>): Promise<void> {
    settings.value = { ...settings.value, ...patch }
    settings.value = await ipc.app.saveSettings(patch)
  }

  async function nextTheme(): Promise<void> {
    const at = THEMES.indexOf(settings.value.theme)
    await save({ theme: THEMES[(at + 1) % THEMES.length]! })
  }

  return { settings, load, save, nextTheme }
})
