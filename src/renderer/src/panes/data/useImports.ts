/** The ways to bring data in: dialog, drop, paste, sample. Each starts a job and shows it. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Job } from '../../../../shared/domain/job'
import type { JobId } from '../../../../shared/ids'
import { useAction, type Action } from '../../composables/useAction'
import { isTyping } from '../../composables/useShortcut'
import { useDatasets } from '../../stores/datasets'

interface Imports {
  file: Action<[]>
  sample: Action<[]>
  text: Action<[text: string, name: string | null]>
  drop: Action<[files: File[]]>
}

export function useImports(): Imports {
  const router = useRouter()
  const datasets = useDatasets()
  const show = async (job: JobId | null): Promise<void> => {
    if (job !== null) await router.push(`/data/jobs/${job}`)
  }
  return {
    file: useAction(async () => show(await datasets.importByDialog())),
    sample: useAction(async () => show(await datasets.importSample())),
    text: useAction(async (text: string, name: string | null) => show(await datasets.importText(text, name))),
    drop: useAction(async (files: File[]) => {
      let last: JobId | null = null
      for (const file of files) last = await datasets.importDropped(file)
      await show(last)
    }),
  }
}

/** The dataset version a finished import made. */
export function versionOfJob(job: Job): string | undefined {
  return job.result?.version
}

/** True while files are held over the element; `onFiles` gets what is let go. */
export function useFileDrop(
  element: Ref<HTMLElement | null>,
  onFiles: (files: File[]) => void,
): Ref<boolean> {
  const isOver = ref(false)
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
  const over = (event: DragEvent): void => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    isOver.value = true
  }
  const leave = (event: DragEvent): void => {
    if (!element.value?.contains(event.relatedTarget as Node | null)) isOver.value = false
  }
  const drop = (event: DragEvent): void => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    isOver.value = false
    onFiles([...(event.dataTransfer?.files ?? [])])
  }
  watch(element, (now, before) => {
    for (const [name, listener] of [
      ['dragover', over],
      ['dragleave', leave],
      ['drop', drop],
    ] as const) {
      before?.removeEventListener(name, listener)
      now?.addEventListener(name, listener)
    }
  })
  return isOver
}

/** Text pasted anywhere but into a field. */
export function usePastedText(onText: (text: string) => void): void {
  const listener = (event: ClipboardEvent): void => {
    if (isTyping(event.target)) return
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (text.trim() === '') return
    event.preventDefault()
    onText(text)
  }
  window.addEventListener('paste', listener)
  onScopeDispose(() => window.removeEventListener('paste', listener))
}
