/** JSON lines (an object a line) and JSON (a list of objects). */
import { UserError } from '../../../shared/errors'
import { toCells } from './cells'
import { splitLines } from './lines'
import type { Rejects, SourceRow } from './row'

/** One object a line; rows that are not are rejected. Row numbers are line numbers. */
export async function* readJsonLines(
  chunks: AsyncIterable<string>,
  rejects: Rejects,
): AsyncGenerator<SourceRow> {
  let row = 0
  for await (const line of splitLines(chunks)) {
    row++
    if (line.trim() === '') continue
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch (error) {
      rejects.add(
        row,
        null,
        `is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
        line,
      )
      continue
    }
    const cells = toCells(value, row, rejects)
    if (cells) yield { row, cells }
  }
}

const MAX_JSON_CHARACTERS = 400_000_000

/**
 * A list of objects, or an object that holds one (`{"data": [...]}`). Row numbers count the objects.
 * @throws UserError('bad-input') if the text is not JSON or holds no list
 */
export async function* readJson(
  chunks: AsyncIterable<string>,
  file: string,
  rejects: Rejects,
): AsyncGenerator<SourceRow> {
  const parts: string[] = []
  let length = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    length += chunk.length
    if (length > MAX_JSON_CHARACTERS) {
      throw new UserError('bad-input', 'The JSON file is too large to be read in one piece.', {
        where: { file },
        hint: 'Write one object a line and name the file .jsonl.',
      })
    }
  }
  const list = listIn(parseWhole(parts.join(''), file))
  if (!list) {
    throw new UserError('bad-input', 'The JSON file holds no list of rows.', {
      where: { file },
      hint: 'It should be a list of objects, or an object with one list, as {"data": [...]}.',
    })
  }
  for (let i = 0; i < list.length; i++) {
    const cells = toCells(list[i], i + 1, rejects)
    if (cells) yield { row: i + 1, cells }
  }
}

function parseWhole(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new UserError('bad-input', 'The file is not valid JSON.', {
      where: { file },
      hint: cause instanceof Error ? cause.message : String(cause),
      cause,
    })
  }
}

function listIn(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value as unknown[]
  if (typeof value !== 'object' || value === null) return null
  const lists = Object.values(value).filter((inner): inner is unknown[] => Array.isArray(inner))
  return lists.length === 1 ? lists[0]! : null
}
