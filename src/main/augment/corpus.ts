/** The training rows, as far as augmenters draw on other rows than the one they change. */
import { parseText, parseTokens, type Protection } from './text/parse'
import type { Sentence } from './text/token'

/** A row of the training split, its columns by role. */
export interface TrainingRow {
  /** Row in its source file: what a copy names as its source. */
  row: number
  label: string | null
  text: string
  pair: string | null
  /** Of token classification; `text` is then the tokens joined by spaces. */
  tagged: { tokens: readonly string[]; tags: readonly string[] } | null
}

/** Its sentences: one, or two where it has a second text. */
export function sentencesOf(row: TrainingRow, protection: Protection): Sentence[] {
  if (row.tagged) return [parseTokens(row.tagged.tokens, row.tagged.tags, protection)]
  const text = parseText(row.text, protection)
  return row.pair === null ? [text] : [text, parseText(row.pair, protection)]
}

const UNPROTECTED: Protection = { words: new Set(), patterns: [] }

/** A name of an entity: its tokens. */
export type Entity = readonly string[]

export class Corpus {
  private labels: Map<string | null, TrainingRow[]> | null = null
  private entities: Map<string, Entity[]> | null = null
  private known: Set<string> | null = null

  /** @param rows goes through all training rows, each time it is called */
  constructor(private readonly rows: () => Iterable<TrainingRow>) {}

  /** The rows of a label, in their order. */
  ofLabel(label: string | null): readonly TrainingRow[] {
    if (!this.labels) {
      this.labels = new Map()
      for (const row of this.rows()) {
        const same = this.labels.get(row.label)
        if (same) same.push(row)
        else this.labels.set(row.label, [row])
      }
    }
    return this.labels.get(label) ?? []
  }

  /** The labels of the rows, or the tags of their tokens; null where a row has none. */
  labelsUsed(): (string | null)[] {
    const used = new Set<string | null>()
    for (const { label, tagged } of this.rows())
      for (const one of tagged ? tagged.tags : [label]) used.add(one)
    return [...used]
  }

  /** Every word of the rows, in lower case. */
  words(): ReadonlySet<string> {
    if (this.known) return this.known
    this.known = new Set()
    for (const row of this.rows())
      for (const sentence of sentencesOf(row, UNPROTECTED))
        for (const { text, isWord } of sentence) if (isWord) this.known.add(text.toLowerCase())
    return this.known
  }

  /** Entity type → its different names in the training rows, in the order they first occur. */
  gazetteer(): ReadonlyMap<string, readonly Entity[]> {
    if (this.entities) return this.entities
    this.entities = new Map()
    const seen = new Set<string>()
    for (const { tagged } of this.rows()) {
      if (!tagged) continue
      for (const { type, start, end } of entitySpans(tagged.tags)) {
        const entity = tagged.tokens.slice(start, end)
        const key = `${type}\0${entity.join(' ')}`
        if (seen.has(key)) continue
        seen.add(key)
        const same = this.entities.get(type)
        if (same) same.push(entity)
        else this.entities.set(type, [entity])
      }
    }
    return this.entities
  }
}

export interface EntitySpan {
  type: string
  start: number
  /** Exclusive. */
  end: number
}

/** Entities of IOB2 tags; an I- without a B- of its type before it opens one too, as in seqeval's default mode. */
export function entitySpans(tags: readonly (string | null)[]): EntitySpan[] {
  const spans: EntitySpan[] = []
  tags.forEach((tag, i) => {
    const [, prefix, type] = /^([BI])-(.+)$/.exec(tag ?? '') ?? []
    if (prefix === undefined || type === undefined) return
    const last = spans.at(-1)
    if (prefix === 'I' && last?.end === i && last.type === type) last.end = i + 1
    else spans.push({ type, start: i, end: i + 1 })
  })
  return spans
}
