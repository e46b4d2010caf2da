/**
 * CoNLL files: a token a line, its columns separated by tabs or spaces, the tag last; an empty line ends a sentence.
 * A sentence is a row with the lists `tokens` and `tags`, and where all have one, `pos` (the second of four columns).
 */
import { splitLines } from './lines'
import { MAX_CELL_CHARACTERS, type Rejects, type SourceRow } from './row'

const DOCUMENT_START = '-DOCSTART-'
const CONLL_2003_COLUMNS = 4

/** Row numbers are the line of a sentence's first token. A sentence with a broken line is rejected as a whole. */
export async function* readConll(chunks: AsyncIterable<string>, rejects: Rejects): AsyncGenerator<SourceRow> {
  let sentence = new Sentence(1)
  let line = 0
  for await (const text of splitLines(chunks)) {
    line++
    const isComment = text.startsWith('# ')
    if (text.trim() === '' || text.startsWith(DOCUMENT_START)) {
      const row = sentence.end(rejects)
      if (row) yield row
      sentence = new Sentence(line + 1)
    } else if (!(isComment && sentence.isEmpty)) sentence.add(text, line)
  }
  const last = sentence.end(rejects)
  if (last) yield last
}

class Sentence {
  readonly #fields: string[][] = []
  #characters = 0
  #broken: { line: number; reason: string; text: string } | null = null

  constructor(readonly firstLine: number) {}

  get isEmpty(): boolean {
    return this.#fields.length === 0
  }

  add(text: string, line: number): void {
    const fields = text.includes('\t')
      ? text.split('\t').map((field) => field.trim())
      : text.trim().split(/ +/)
    this.#characters += text.length
    const columns = this.#fields[0]?.length ?? fields.length
    const reason =
      fields.length < 2
        ? 'has a token without a tag'
        : fields.length !== columns
          ? `has ${fields.length} columns where the sentence has ${columns}`
          : fields.includes('')
            ? 'has an empty column'
            : null
    if (reason !== null) this.#broken ??= { line, reason, text }
    this.#fields.push(fields)
  }

  end(rejects: Rejects): SourceRow | null {
    if (this.isEmpty) return null
    if (this.#broken) {
      const { line, reason, text } = this.#broken
      rejects.add(line, null, reason, text)
      return null
    }
    if (this.#characters > MAX_CELL_CHARACTERS) {
      rejects.add(this.firstLine, 'tokens', 'is longer than a sentence can be', this.#fields[0]!.join(' '))
      return null
    }
    const column = (at: number) => this.#fields.map((fields) => fields.at(at)!)
    const hasPos = this.#fields[0]!.length === CONLL_2003_COLUMNS
    return {
      row: this.firstLine,
      cells: { tokens: column(0), ...(hasPos && { pos: column(1) }), tags: column(-1) },
    }
  }
}
