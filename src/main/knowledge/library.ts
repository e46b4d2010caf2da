/** The built-in entries and the user's own as one set: found by id, by control, by search; links checked. */
import { UserError } from '../../shared/errors'
import { nearestName } from '../../shared/nearest'
import type {
  Article,
  Block,
  EntryLink,
  EntrySummary,
  Inline,
  SearchHit,
} from '../../shared/domain/knowledge'
import type { Entry } from './entry'
import { KnowledgeIndex } from './search'

export class Library {
  private readonly byId: ReadonlyMap<string, Entry>
  private readonly index: KnowledgeIndex

  constructor(readonly entries: readonly Entry[]) {
    this.byId = new Map(entries.map((entry) => [entry.id, entry]))
    this.index = new KnowledgeIndex(entries)
  }

  summaries(): EntrySummary[] {
    return this.entries.map(summaryOf)
  }

  search(query: string, limit: number): SearchHit[] {
    return this.index.search(query, limit)
  }

  has(id: string): boolean {
    return this.byId.has(id)
  }

  /** By id, or by the name of a control or an alias, as people type it. @throws UserError `not-found` */
  find(name: string): Entry {
    const wanted = name.trim().toLowerCase()
    const found =
      this.byId.get(wanted) ??
      this.entries.find((entry) => entry.explains.includes(name)) ??
      this.entries.find((entry) =>
        [entry.title, ...entry.aliases].some((known) => known.toLowerCase() === wanted),
      )
    if (found) return found
    const near = nearestName(wanted, [...this.byId.keys()])
    throw new UserError('not-found', `There is no entry "${name}".`, {
      ...(near !== undefined && { hint: `Did you mean ${near}?` }),
    })
  }

  article(id: string): Article {
    const entry = this.find(id)
    const { aliases, formula, symbols, body, sources } = entry
    return {
      ...summaryOf(entry),
      aliases,
      formula,
      symbols,
      body,
      sources,
      open: entry.open ?? null,
      figure: entry.figure ?? null,
      related: this.links(entry.related),
      questions: this.entries
        .filter((other) => other.kind === 'question' && other.related.includes(entry.id) && other !== entry)
        .map(linkTo),
    }
  }

  /** Sentences that name every link of the entries which leads nowhere. */
  deadLinks(entries: readonly Entry[] = this.entries): string[] {
    return entries.flatMap((entry) =>
      [...entry.related, ...entry.body.flatMap(linksOf)]
        .filter((to) => !to.startsWith('/') && !this.byId.has(to))
        .map((to) => `${entry.id} links to "${to}", which does not exist.`),
    )
  }

  private links(ids: readonly string[]): EntryLink[] {
    return ids.flatMap((id) => {
      const entry = this.byId.get(id)
      return entry ? [linkTo(entry)] : []
    })
  }
}

function summaryOf({ id, kind, title, category, short, explains, isOwn }: Entry): EntrySummary {
  return { id, kind, title, category, short, explains, isOwn }
}

function linkTo({ id, title }: Entry): EntryLink {
  return { id, title }
}

function linksOf(block: Block): string[] {
  switch (block.kind) {
    case 'paragraph':
      return block.children.flatMap(inlineLinks)
    case 'list':
      return block.items.flat().flatMap(inlineLinks)
    case 'table':
      return [...block.head, ...block.rows.flat()].flat().flatMap(inlineLinks)
    case 'heading':
    case 'code':
      return []
  }
}

function inlineLinks(part: Inline): string[] {
  const inner = 'children' in part ? part.children.flatMap(inlineLinks) : []
  return part.kind === 'link' ? [part.to, ...inner] : inner
}
