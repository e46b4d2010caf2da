/** What this machine can do: versions, memory, disk and the providers that passed their self-check. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { MachineReport } from '../../../shared/domain/machine'
import type { ProviderName } from '../../../shared/domain/trainingArguments'
import { ipc } from '../ipc'

const REFRESH_MS = 30_000

export const useMachine = defineStore('machine', () => {
  const report = shallowRef<MachineReport | null>(null)
  const checking = ref<ProviderName | null>(null)
  const providers = computed(() => report.value?.providers ?? [])

  async function load(): Promise<void> {
    report.value = await ipc.app.machine({})
  }

  /** Keeps free memory and disk current while the window is visible. */
  function keepFresh(): void {
    setInterval(() => {
      if (document.visibilityState === 'visible') void load().catch(() => undefined)
    }, REFRESH_MS)
  }

  async function checkProvider(name: ProviderName): Promise<void> {
    checking.value = name
    try {
      const status = await ipc.app.checkProvider({ name })
      if (report.value)
        report.value = {
          ...report.value,
          providers: report.value.providers.map((p) => (p.name === name ? status : p)),
        }
    } finally {
      checking.value = null
    }
  }

  return { report, providers, checking, load, keepFresh, checkProvider }
})
