/** Exported bundles, and models to start from. */
import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import type { Bundle, VerifyReport } from '../../../shared/domain/bundle'
import type { Prediction } from '../../../shared/domain/run'
import type { BundleId, JobId, RunId } from '../../../shared/ids'
import type { ModelFolder } from '../../../shared/ipc/models'
import { ipc } from '../ipc'
import { useJobs } from './jobs'

export const useModels = defineStore('models', () => {
  const all = shallowRef<Bundle[]>([])
  const reports = shallowReactive(new Map<BundleId, VerifyReport>())
  const bundles = computed(() => [...all.value].sort((a, b) => b.createdAtMs - a.createdAtMs))

  async function load(): Promise<void> {
    all.value = await ipc.models.bundles({})
  }

  function keepCurrent(): void {
    ipc.app.onJob((job) => {
      if (job.kind === 'export' && job.state === 'done') void load()
    })
  }

  /** Asks where to put it (null: beside the run), then exports; resolves when the bundle is there. */
  async function exportBundle(run: RunId, directory: string | null = null): Promise<void> {
    const job: JobId = await ipc.models.exportBundle({ run, directory })
    await useJobs().finished(job)
    await load()
  }

  async function verify(bundle: Bundle): Promise<VerifyReport> {
    const report = await ipc.models.verifyBundle({ path: bundle.path })
    reports.set(bundle.id, report)
    return report
  }

  const predict = (run: RunId, texts: string[]): Promise<Prediction[]> => ipc.runs.predict({ run, texts })
  const chooseFolder = (): Promise<string | null> => ipc.models.chooseFolder({})
  const inspect = (path: string): Promise<ModelFolder> => ipc.models.inspect({ path })
  const reveal = (path: string): Promise<null> => ipc.app.reveal({ path })

  return { bundles, reports, load, keepCurrent, exportBundle, verify, predict, chooseFolder, inspect, reveal }
})
