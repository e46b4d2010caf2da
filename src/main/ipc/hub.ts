import type { Handlers } from '../../shared/ipc/define'
import type { hub as contract } from '../../shared/ipc/hub'
import type { Services } from '../services/create'

export function hubHandlers({ hub }: Services): Handlers<typeof contract> {
  return {
    downloaded: () => hub.downloaded(),
    endpoint: () => hub.endpoint(),
    search: ({ query, limit }) => hub.search(query, limit),
    info: ({ name, revision }) => hub.info(name, revision),
    download: (request) => hub.download(request).id,
  }
}
