/** The knowledge base as the window and the command line use it: built-in entries, and the user's own beside them. */
import type { Demonstration, DemonstrationResults } from '../../shared/domain/demonstration'
import type { Article, EntrySummary, SearchHit } from '../../shared/domain/knowledge'
import type { OwnEntry } from '../../shared/ipc/knowledge'
import { DEFAULT_STARTER } from '../../shared/domain/starters'
import { UserError } from '../../shared/errors'
import { bodySource, draftSource, parseEntry, type Entry } from '../knowledge/entry'
import { jsonLdOf, type Publication } from '../knowledge/jsonLd'
import { Library } from '../knowledge/library'
import { readBuiltIn, readMarkdown } from '../knowledge/resources'
import { siteFiles } from '../knowledge/site'
import { inTransaction } from '../store/handles'
import { deleteOwnEntry, knowledgeTick, ownEntries, saveOwnEntry } from '../store/queries/knowledge'
import type { ServiceContext } from './context'
import { starterFolder } from './starters'
import { resultOf } from './supervisor'
import { writeFile, writeFiles } from './userFile'

export interface KnowledgeService {
  list(): EntrySummary[]
  /** By id, alias or the name of a control. @throws UserError `not-found` */
  show(name: string): Article
  search(query: string, limit: number): SearchHit[]
  draft(id: string): OwnEntry
  save(entry: OwnEntry, former: string | null): { id: string; warnings: string[] }
  remove(id: string): void
  /** All of the folder's Markdown files, or none. */
  importFolder(folder: string): { added: string[]; warnings: string[] }
  /** Writes the user's own entries as Markdown files. */
  exportFolder(folder: string): { folder: string; files: number }
  /** What a live figure shows, computed by the engine's and the metrics' own functions in a worker. */
  demonstrate(asked: Demonstration): Promise<DemonstrationResults[Demonstration['kind']]>
  jsonLd(ids: readonly string[] | null, as: Publication): string
  saveJsonLd(file: string, ids: readonly string[] | null, as: Publication): { file: string }
  exportSite(
    folder: string,
    ids: readonly string[] | null,
    as: Publication,
  ): { folder: string; files: number }
}

export function knowledgeService(ctx: ServiceContext): KnowledgeService {
  let builtIn: Entry[] | undefined
  let known: { library: Library; tick: number } | undefined

  /** Rebuilt when any process changed an entry since; the built-in ones are read once. */
  function library(): Library {
    const tick = knowledgeTick(ctx.db)
    if (known?.tick === tick) return known.library
    builtIn ??= readBuiltIn().map((file) => parseEntry(file, false))
    const own = ownEntries(ctx.db).map(({ id, source }) =>
      parseEntry({ file: `${id}.md`, text: source }, true),
    )
    known = { library: new Library([...builtIn, ...own]), tick }
    return known.library
  }

  function own(id: string): Entry {
    const entry = library().find(id)
    if (entry.isOwn) return entry
    throw new UserError('conflict', `"${entry.title}" is built in and cannot be changed.`, {
      hint: 'Add an entry of your own; it is searched beside the built-in ones.',
    })
  }

  /** @throws UserError `conflict` where the id belongs to another entry */
  function requireFree(id: string, former: string | null): void {
    if (id === former || !library().has(id)) return
    throw new UserError('conflict', `There is already an entry with the id ${id}.`, {
      where: { field: 'id' },
      hint: 'Choose another id, or edit that entry if it is yours.',
    })
  }

  function store(entries: readonly Entry[], former: string | null): void {
    inTransaction(ctx.db, () => {
      if (former !== null) deleteOwnEntry(ctx.db, former)
      for (const entry of entries) saveOwnEntry(ctx.db, entry, ctx.now())
    })
  }

  const chosen = (ids: readonly string[] | null): Entry[] =>
    ids === null ? [...library().entries] : ids.map((id) => library().find(id))

  const today = () => new Date(ctx.now()).toISOString().slice(0, 10)

  return {
    list: () => library().summaries(),
    show: (name) => library().article(library().find(name).id),
    search: (query, limit) => library().search(query, limit),
    draft(id) {
      const { source, kind, title, category, aliases, short, related } = own(id)
      return {
        id,
        kind: kind === 'question' ? 'question' : 'term',
        title,
        category,
        aliases,
        short,
        related,
        body: bodySource(source),
      }
    },
    save(draft, former) {
      if (former !== null) own(former)
      requireFree(draft.id, former)
      const entry = parseEntry({ file: `${draft.id}.md`, text: draftSource(draft) }, true)
      store([entry], former)
      return { id: entry.id, warnings: library().deadLinks([entry]) }
    },
    remove(id) {
      deleteOwnEntry(ctx.db, own(id).id)
    },
    importFolder(folder) {
      const entries = readMarkdown(folder).map((file) => parseEntry(file, true))
      if (entries.length === 0)
        throw new UserError('bad-input', 'The folder holds no Markdown files.', { where: { file: folder } })
      const mine = new Set(ownEntries(ctx.db).map(({ id }) => id))
      for (const { id } of entries) requireFree(id, mine.has(id) ? id : null)
      store(entries, null)
      return { added: entries.map(({ id }) => id), warnings: library().deadLinks(entries) }
    },
    exportFolder(folder) {
      const rows = ownEntries(ctx.db)
      if (rows.length === 0) throw new UserError('not-found', 'There are no entries of your own to export.')
      writeFiles(folder, new Map(rows.map(({ id, source }) => [`${id}.md`, source])))
      return { folder, files: rows.length }
    },
    demonstrate: async (asked) =>
      resultOf(
        await ctx.workers.run({ kind: 'demonstrate', asked, modelDir: starterFolder(DEFAULT_STARTER) })
          .finished,
      ).answer,
    jsonLd: (ids, as) => JSON.stringify(jsonLdOf(chosen(ids), as, today()), null, 2),
    saveJsonLd(file, ids, as) {
      writeFile(file, `${JSON.stringify(jsonLdOf(chosen(ids), as, today()), null, 2)}\n`)
      return { file }
    },
    exportSite(folder, ids, as) {
      const files = siteFiles(chosen(ids), as, today())
      writeFiles(folder, files)
      return { folder, files: files.size }
    },
  }
}
