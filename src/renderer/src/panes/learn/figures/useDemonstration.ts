/** Asks main what a figure shows whenever its handles move; one question at a time, and the last one counts. */
import { shallowRef, watch, type Ref } from 'vue'
import type { Demonstration, DemonstrationResults } from '../../../../../shared/domain/demonstration'
import { errorData } from '../../../format/errorData'
import type { UserErrorData } from '../../../../../shared/errors'
import { useKnowledge } from '../../../stores/knowledge'

export function useDemonstration<K extends Demonstration['kind']>(
  ask: () => Extract<Demonstration, { kind: K }> | null,
): {
  result: Ref<DemonstrationResults[K] | null>
  error: Ref<UserErrorData | null>
} {
  const knowledge = useKnowledge()
  const result = shallowRef(null) as Ref<DemonstrationResults[K] | null>
  const error = shallowRef<UserErrorData | null>(null)
  let isBusy = false
  let isStale = false

  async function answer(): Promise<void> {
    isStale = true
    if (isBusy) return
    isBusy = true
    while (takeStale()) {
      const asked = ask()
      if (!asked) continue
      try {
        result.value = await knowledge.demonstrate<K>(asked)
        error.value = null
      } catch (thrown) {
        error.value = errorData(thrown)
      }
    }
    isBusy = false
  }

  /** Whether the handles moved since the last question. */
  function takeStale(): boolean {
    const wasStale = isStale
    isStale = false
    return wasStale
  }

  watch(ask, () => void answer(), { deep: true, immediate: true })
  return { result, error }
}
