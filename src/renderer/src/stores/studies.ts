/** Studies: one summary each, and the detail of the open one, kept current by main's events. */
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import type { StudyDetail, StudySummary } from '../../../shared/domain/studyDetail'
import type { StudyId } from '../../../shared/ids'
import { ipc } from '../ipc'

/** A study changes with each report of a trial: it is read again at most this often. */
const READ_MS = 300

export const useStudies = defineStore('studies', () => {
  const byId = shallowReactive(new Map<StudyId, StudySummary>())
  const open = shallowRef<StudyDetail | null>(null)
  const openId = ref<StudyId | null>(null)
  let timer: ReturnType<typeof setTimeout> | null = null

  const studies = computed(() => [...byId.values()].sort((a, b) => b.createdAtMs - a.createdAtMs))

  async function read(): Promise<void> {
    timer = null
    byId.clear()
    for (const study of await ipc.studies.list({})) byId.set(study.id, study)
    if (openId.value && byId.has(openId.value)) open.value = await ipc.studies.show({ study: openId.value })
  }

  async function load(): Promise<void> {
    ipc.studies.onChanged(() => (timer ??= setTimeout(() => void read(), READ_MS)))
    await read()
  }

  async function show(study: StudyId | null): Promise<void> {
    openId.value = study
    open.value = null
    if (study) open.value = await ipc.studies.show({ study })
  }

  return { studies, open, load, show }
})
