import { z } from 'zod'
import { CATEGORIES, EntryId, type Article, type EntrySummary, type SearchHit } from '../domain/knowledge'
import { Demonstration, type DemonstrationResults } from '../domain/demonstration'
import { call, event } from './define'

const Ref = z.strictObject({ id: z.string().min(1).max(200) })

/** An entry of the user's own, as the editor shows it. */
export const OwnEntry = z.strictObject({
  id: EntryId.max(64),
  kind: z.enum(['term', 'question']),
  title: z.string().trim().min(1).max(120),
  category: z.enum(CATEGORIES),
  aliases: z.array(z.string().trim().min(1).max(120)).max(20),
  short: z.string().trim().max(2000),
  related: z.array(z.string()).max(20),
  body: z.string().max(100_000),
})
export type OwnEntry = z.infer<typeof OwnEntry>

/** What of it, as markup: ids, or null for everything; where it will stand (an address, or unknown), and who signs it. */
const Publication = z.strictObject({
  ids: z.array(z.string()).min(1).nullable(),
  baseUrl: z.httpUrl().nullable(),
  author: z.string().trim().min(1).max(200).nullable(),
})

export const knowledge = {
  list: call(z.strictObject({})).returns<EntrySummary[]>(),
  show: call(Ref).returns<Article>(),
  search: call(z.strictObject({ query: z.string().max(200), limit: z.int().min(1).max(200) })).returns<
    SearchHit[]
  >(),
  /** An own entry, to be edited. */
  draft: call(Ref).returns<OwnEntry>(),
  /** `former`: the id it had, where it is edited. Returns what is wrong with its links, where something is. */
  save: call(z.strictObject({ entry: OwnEntry, former: z.string().nullable() })).returns<{
    id: string
    warnings: string[]
  }>(),
  remove: call(Ref).returns<null>(),
  /** Adds the Markdown files of a folder the user chooses; null where the dialog was dismissed. */
  importFolder: call(z.strictObject({})).returns<{ added: string[]; warnings: string[] } | null>(),
  exportFolder: call(z.strictObject({})).returns<{ folder: string; files: number } | null>(),
  jsonLd: call(Publication).returns<string>(),
  saveJsonLd: call(Publication).returns<{
    file: string
  } | null>(),
  exportSite: call(Publication).returns<{
    folder: string
    files: number
  } | null>(),
  /** What a live figure shows; the answer's shape goes with the question's kind. */
  demonstrate: call(Demonstration).returns<DemonstrationResults[Demonstration['kind']]>(),
  onChanged: event<Record<string, never>>(),
}
