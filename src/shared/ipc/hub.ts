import { z } from 'zod'
import type { DownloadedModel, HubModel, HubModelDetail } from '../domain/hub'
import type { JobId } from '../ids'
import { call } from './define'

const Name = z.string().trim().min(1).max(200)
const Revision = z.string().trim().min(1).max(200)

/** Everything but `downloaded` asks the network, because the user pressed a button that says so. */
export const hub = {
  downloaded: call(z.strictObject({})).returns<DownloadedModel[]>(),
  /** The address that a search would ask. */
  endpoint: call(z.strictObject({})).returns<string>(),
  search: call(z.strictObject({ query: Name, limit: z.int().min(1).max(200) })).returns<HubModel[]>(),
  info: call(z.strictObject({ name: Name, revision: Revision })).returns<HubModelDetail>(),
  /** Starts a job; its result names the model. `directory` null puts it into the data folder. */
  download: call(
    z.strictObject({ name: Name, revision: Revision, directory: z.string().min(1).nullable() }),
  ).returns<JobId>(),
}
