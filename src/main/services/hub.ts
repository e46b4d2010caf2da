/** Models of the Hugging Face Hub: searched, shown and downloaded when the user asks; found offline afterwards. */
import { resolve } from 'node:path'
import type { DownloadedModel, HubModel, HubModelDetail } from '../../shared/domain/hub'
import { UserError } from '../../shared/errors'
import { endpointOf, hubAccess } from '../hub/access'
import { modelDetail, searchModels } from '../hub/client'
import { downloadModel } from '../hub/downloadModel'
import { downloadedModels, findDownloaded, folderFor } from '../hub/record'
import { onBehalf } from '../network/watch'
import type { ServiceContext } from './context'
import { assertFree, LEAST_FREE_BYTES } from './diskSpace'
import type { JobHandle, JobsService, StartedJob } from './jobs'
import { resultOf } from './supervisor'
import type { SettingsService } from './settings'

export interface HubRequest {
  name: string
  /** A branch, tag or commit. */
  revision: string
  /** Null puts it into the data folder. */
  directory: string | null
}

export interface HubService {
  /** Where a search would be sent. @throws UserError `bad-config` */
  endpoint(): string
  search(query: string, limit: number): Promise<HubModel[]>
  info(name: string, revision: string): Promise<HubModelDetail>
  /** The folder it came to; at once where it is there already. */
  download(request: HubRequest): StartedJob<string>
  downloaded(): DownloadedModel[]
}

export function hubService(ctx: ServiceContext, jobs: JobsService, settings: SettingsService): HubService {
  const { models } = ctx.home
  const access = () => hubAccess(settings.read().hubEndpoint)

  async function fetchModel({ name, revision, directory }: HubRequest, job: JobHandle): Promise<string> {
    const hub = access()
    const model = await modelDetail(hub, name, revision)
    if (model.obstacle !== null)
      throw new UserError('unsupported', model.obstacle, { where: { file: model.name } })
    const known = findDownloaded(models, `${model.name}@${model.revision.slice(0, 12)}`)
    if (directory === null && known) return known.folder
    const folder = directory === null ? folderFor(models, model.name, model.revision) : resolve(directory)
    assertFree(ctx.home.root, model.bytes + LEAST_FREE_BYTES, 'The download')
    await downloadModel(hub, model, folder, {
      signal: job.signal,
      onProgress: (done, total) => job.progress({ done, total, unit: 'bytes' }),
      now: ctx.now,
    })
    // Whether the engine can open it is known now, not when a run is started.
    resultOf(await ctx.workers.run({ kind: 'inspect', modelDir: folder }).finished)
    return folder
  }

  return {
    endpoint: () => endpointOf(settings.read().hubEndpoint),
    search: (query, limit) => onBehalf('Hub search', () => searchModels(access(), query, limit)),
    async info(name, revision) {
      const detail = await onBehalf(`Hub page of ${name}`, () => modelDetail(access(), name, revision))
      const known = findDownloaded(models, `${detail.name}@${detail.revision.slice(0, 12)}`)
      return { ...detail, downloadedTo: known?.folder ?? null }
    },
    download(request) {
      const { name, directory } = request
      const title = `Download ${name}`
      const isGoing = jobs.list().some((job) => job.state === 'running' && job.title === title)
      if (isGoing) throw new UserError('conflict', `${name} is being downloaded already.`)
      return jobs.start({
        kind: 'download',
        title,
        work: (job) => onBehalf(title, () => fetchModel(request, job)),
        result: (folder) => ({ path: folder, model: directory === null ? name : folder }),
      })
    },
    downloaded: () => downloadedModels(models),
  }
}
