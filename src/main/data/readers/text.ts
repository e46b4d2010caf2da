/** Plain text: a row a line, a row a paragraph, or the whole as one row. The only column is `text`. */
import { tooLong } from './cells'
import { splitLines } from './lines'
import { MAX_CELL_CHARACTERS, type Rejects, type SourceRow } from './row'

/** Row numbers are line numbers; empty lines are no rows. */
export async function* readTextLines(
  chunks: AsyncIterable<string>,
  rejects: Rejects,
): AsyncGenerator<SourceRow> {
  let row = 0
  for await (const text of splitLines(chunks)) {
    row++
    if (text.trim() === '') continue
    if (text.length > MAX_CELL_CHARACTERS) rejects.add(row, 'text', tooLong(text), text)
    else yield { row, cells: { text } }
  }
}

/** Empty lines separate paragraphs, whose lines are kept. Row numbers are those of their first lines. */
export async function* readParagraphs(
  chunks: AsyncIterable<string>,
  rejects: Rejects,
): AsyncGenerator<SourceRow> {
  let lines: string[] = []
  let line = 0
  for await (const text of splitLines(chunks)) {
    line++
    if (text.trim() !== '') lines.push(text)
    else if (lines.length > 0) {
      yield* oneText(lines.join('\n'), line - lines.length, rejects)
      lines = []
    }
  }
  if (lines.length > 0) yield* oneText(lines.join('\n'), line - lines.length + 1, rejects)
}

/** All of it as one row. */
export async function* readDocument(
  chunks: AsyncIterable<string>,
  rejects: Rejects,
): AsyncGenerator<SourceRow> {
  const parts: string[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    // What is too long to be a row need not be held whole to be refused.
    if (length <= 2 * MAX_CELL_CHARACTERS) parts.push(chunk)
  }
  yield* oneText(parts.join('').trim(), 1, rejects)
}

function* oneText(text: string, row: number, rejects: Rejects): Generator<SourceRow> {
  if (text === '') return
  if (text.length > MAX_CELL_CHARACTERS) rejects.add(row, 'text', tooLong(text), text)
  else yield { row, cells: { text } }
}
