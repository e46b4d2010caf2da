/** The knowledge base as main knows it: the list, articles as they are opened, and which entry explains which control. */
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import type { Demonstration, DemonstrationResults } from '../../../shared/domain/demonstration'
import type { Article, EntrySummary, SearchHit } from '../../../shared/domain/knowledge'
import type { OwnEntry } from '../../../shared/ipc/knowledge'
import { ipc } from '../ipc'

export interface Publication {
  ids: string[] | null
  baseUrl: string | null
  author: string | null
}

const HITS = 60

export const useKnowledge = defineStore('knowledge', () => {
  const entries = shallowRef<EntrySummary[]>([])
  const articles = shallowReactive(new Map<string, Article>())
  /** The search is kept while other panes are open. */
  const query = ref('')

  const byId = computed(() => new Map(entries.value.map((entry) => [entry.id, entry])))
  const byControl = computed(
    () => new Map(entries.value.flatMap((entry) => entry.explains.map((name) => [name, entry]))),
  )

  async function load(): Promise<void> {
    ipc.knowledge.onChanged(() => void refresh())
    await refresh()
  }

  async function refresh(): Promise<void> {
    const open = [...articles.keys()]
    entries.value = await ipc.knowledge.list({})
    for (const id of open) {
      if (byId.value.has(id)) articles.set(id, await ipc.knowledge.show({ id }))
      else articles.delete(id)
    }
  }

  /** @throws UserError `not-found` */
  async function open(id: string): Promise<void> {
    if (!articles.has(id)) articles.set(id, await ipc.knowledge.show({ id }))
  }

  const search = (text: string): Promise<SearchHit[]> => ipc.knowledge.search({ query: text, limit: HITS })
  const draft = (id: string): Promise<OwnEntry> => ipc.knowledge.draft({ id })

  async function save(entry: OwnEntry, former: string | null): Promise<{ id: string; warnings: string[] }> {
    const saved = await ipc.knowledge.save({ entry, former })
    if (former !== null) articles.delete(former)
    await refresh()
    return saved
  }

  async function remove(id: string): Promise<void> {
    await ipc.knowledge.remove({ id })
    articles.delete(id)
    await refresh()
  }

  async function importFolder(): Promise<{ added: string[]; warnings: string[] } | null> {
    const result = await ipc.knowledge.importFolder({})
    if (result) await refresh()
    return result
  }

  const exportFolder = () => ipc.knowledge.exportFolder({})
  const jsonLd = (as: Publication): Promise<string> => ipc.knowledge.jsonLd(as)
  const saveJsonLd = (as: Publication) => ipc.knowledge.saveJsonLd(as)
  const exportSite = (as: Publication) => ipc.knowledge.exportSite(as)

  /** Computes what a live figure shows, with the studio's own functions. */
  async function demonstrate<K extends Demonstration['kind']>(
    asked: Extract<Demonstration, { kind: K }>,
  ): Promise<DemonstrationResults[K]> {
    return (await ipc.knowledge.demonstrate(asked)) as DemonstrationResults[K]
  }

  return {
    entries,
    articles,
    query,
    byId,
    byControl,
    load,
    open,
    search,
    draft,
    save,
    remove,
    importFolder,
    exportFolder,
    jsonLd,
    saveJsonLd,
    exportSite,
    demonstrate,
  }
})
