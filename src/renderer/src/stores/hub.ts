/** Models of the Hugging Face Hub: what is on this machine, and asking for more when the user does. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { DownloadedModel, HubModel, HubModelDetail } from '../../../shared/domain/hub'
import type { JobId } from '../../../shared/ids'
import { ipc } from '../ipc'

const MOST_FOUND = 50

export const useHub = defineStore('hub', () => {
  const downloaded = shallowRef<DownloadedModel[]>([])

  async function load(): Promise<void> {
    downloaded.value = await ipc.hub.downloaded({})
  }

  function keepCurrent(): void {
    ipc.app.onJob((job) => {
      if (job.kind === 'download' && job.state === 'done') void load()
    })
  }

  const endpoint = (): Promise<string> => ipc.hub.endpoint({})
  const search = (query: string): Promise<HubModel[]> => ipc.hub.search({ query, limit: MOST_FOUND })
  const info = (name: string): Promise<HubModelDetail> => ipc.hub.info({ name, revision: 'main' })
  const download = (model: HubModelDetail, directory: string | null): Promise<JobId> =>
    ipc.hub.download({ name: model.name, revision: model.revision, directory })

  return { downloaded, load, keepCurrent, endpoint, search, info, download }
})
