import { join } from 'node:path'
import type { knowledge as contract } from '../../shared/ipc/knowledge'
import type { Handlers } from '../../shared/ipc/define'
import type { Services } from '../services/create'
import type { Desktop } from './desktop'

export function knowledgeHandlers({ knowledge }: Services, desktop: Desktop): Handlers<typeof contract> {
  /** Null where the dialog was dismissed. */
  async function inFolder<R>(work: (folder: string) => R): Promise<R | null> {
    const folder = await desktop.chooseFolder()
    return folder === null ? null : work(folder)
  }
  return {
    list: () => knowledge.list(),
    show: ({ id }) => knowledge.show(id),
    search: ({ query, limit }) => knowledge.search(query, limit),
    draft: ({ id }) => knowledge.draft(id),
    save: ({ entry, former }) => knowledge.save(entry, former),
    remove({ id }) {
      knowledge.remove(id)
      return null
    },
    importFolder: () => inFolder((folder) => knowledge.importFolder(folder)),
    exportFolder: () => inFolder((folder) => knowledge.exportFolder(folder)),
    demonstrate: (asked) => knowledge.demonstrate(asked),
    jsonLd: ({ ids, ...as }) => knowledge.jsonLd(ids, as),
    saveJsonLd: ({ ids, ...as }) =>
      inFolder((folder) => knowledge.saveJsonLd(join(folder, 'knowledge.jsonld'), ids, as)),
    exportSite: ({ ids, ...as }) => inFolder((folder) => knowledge.exportSite(folder, ids, as)),
  }
}
