/** Search over entries: by prefix, tolerant of slips of the pen; titles and aliases count more than text. */
import MiniSearch, { type SearchResult } from 'minisearch'
import type { SearchHit } from '../../shared/domain/knowledge'
import type { Entry } from './entry'
import { blockText } from './markdown'

interface Document {
  id: string
  title: string
  names: string
  short: string
  body: string
}

export class KnowledgeIndex {
  private readonly index = new MiniSearch<Document>({
    fields: ['title', 'names', 'short', 'body'],
    tokenize: words,
    searchOptions: {
      boost: { title: 6, names: 5, short: 2 },
      prefix: (term) => term.length > 1,
      // One slip in a short word, two in a long one.
      fuzzy: (term) => (term.length > 7 ? 2 : term.length > 3 ? 1 : false),
      weights: { fuzzy: 0.4, prefix: 0.7 },
      // "Perplexity" before "Pseudo-perplexity".
      boostDocument: (id, term) => (this.titleStartsWith(id as string, term) ? 2 : 1),
    },
  })
  private readonly entries: ReadonlyMap<string, Entry>

  constructor(entries: Iterable<Entry>) {
    this.entries = new Map([...entries].map((entry) => [entry.id, entry]))
    this.index.addAll([...this.entries.values()].map(toDocument))
  }

  private titleStartsWith(id: string, term: string): boolean {
    return this.entries.get(id)!.title.toLowerCase().startsWith(term)
  }

  /** Whether the query is the entry's whole title or one of its other names. */
  private isNamed(id: string, query: string): boolean {
    const { title, aliases } = this.entries.get(id)!
    const asked = words(query.toLowerCase()).join(' ')
    return [title, ...aliases].some((name) => words(name.toLowerCase()).join(' ') === asked)
  }

  /**
   * Best first; an entry of just this name before all. All words must be met; where no entry has them all, any; where there is none either, words are read
   * with one slip more (two letters exchanged count as two).
   */
  search(query: string, limit: number): SearchHit[] {
    const found = [
      () => this.index.search(query, { combineWith: 'AND' }),
      () => this.index.search(query),
      () => this.index.search(query, { fuzzy: (term) => (term.length > 3 ? 2 : 1) }),
    ].reduce((hits: SearchResult[], next) => (hits.length > 0 ? hits : next()), [])
    const named = (hit: SearchResult): number => Number(this.isNamed(hit.id as string, query))
    return found
      .sort((a, b) => named(b) - named(a))
      .slice(0, limit)
      .map(({ id, score }) => {
        const { title, kind, category, short } = this.entries.get(id as string)!
        return { id: id as string, title, kind, category, short, score }
      })
  }
}

function toDocument(entry: Entry): Document {
  return {
    id: entry.id,
    title: entry.title,
    names: [...entry.aliases, ...entry.explains].join(' '),
    short: entry.short,
    body: entry.body.map(blockText).join('\n'),
  }
}

/** `learning_rate` is found as a whole and by its parts. */
function words(text: string): string[] {
  const whole = text.split(/[^\p{L}\p{N}_]+/u)
  return whole.flatMap((word) => (word.includes('_') ? [word, ...word.split('_')] : [word])).filter(Boolean)
}
