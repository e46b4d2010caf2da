/** Errors of actions that have no place of their own on the screen, such as a command from the palette. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { UserErrorData } from '../../../shared/errors'
import { errorData } from '../format/errorData'

interface Notice {
  id: number
  title: string
  error: UserErrorData
}

export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([])
  let nextId = 1

  function add(title: string, error: unknown): void {
    const data = errorData(error)
    if (data.code === 'cancelled') return
    notices.value = [...notices.value.slice(-3), { id: nextId++, title, error: data }]
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  /** Runs an action whose failure goes to the notices. */
  async function attempt(title: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action()
    } catch (error) {
      add(title, error)
    }
  }

  return { notices, add, dismiss, attempt }
})
