/** An action with its own pending state and its error beside it. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { UserErrorData } from '../../../shared/errors'
import { errorData } from '../format/errorData'

export interface Action<A extends unknown[]> {
  isBusy: Ref<boolean>
  error: ShallowRef<UserErrorData | null>
  run: (...args: A) => Promise<void>
}

export function useAction<A extends unknown[]>(action: (...args: A) => Promise<unknown>): Action<A> {
  const isBusy = ref(false)
  const error = shallowRef<UserErrorData | null>(null)

  async function run(...args: A): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    error.value = null
    try {
      await action(...args)
    } catch (thrown) {
      const data = errorData(thrown)
      if (data.code !== 'cancelled') error.value = data
    } finally {
      isBusy.value = false
    }
  }

  return { isBusy, error, run }
}
