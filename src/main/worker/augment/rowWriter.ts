/** Rows to a file of delimited text or JSON lines, in the format its name says. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { extname } from 'node:path'
import { finished } from 'node:stream/promises'
import type { CellValue } from '../../../shared/domain/dataset'
import { UserError } from '../../../shared/errors'

type Cells = Readonly<Record<string, CellValue>>

const DELIMITERS: Readonly<Record<string, string>> = { '.csv': ',', '.tsv': '\t' }

/** @throws UserError `bad-input` for other names */
export function requireRowFormat(path: string): void {
  const ending = extname(path).toLowerCase()
  if (ending === '.jsonl' || ending in DELIMITERS) return
  throw new UserError('bad-input', 'Rows are written as .csv, .tsv or .jsonl.', {
    where: { file: path },
    hint: 'Give the file one of these endings.',
  })
}

/** Writes beside the place and renames: a file that is there is whole. @returns how many rows */
export async function writeRows(
  path: string,
  columns: readonly string[],
  rows: AsyncIterable<Cells>,
): Promise<number> {
  requireRowFormat(path)
  const delimiter = DELIMITERS[extname(path).toLowerCase()]
  const line =
    delimiter === undefined
      ? (cells: Cells) =>
          JSON.stringify(Object.fromEntries(columns.map((name) => [name, cells[name] ?? null])))
      : (cells: Cells) => columns.map((name) => field(cells[name] ?? null, delimiter)).join(delimiter)
  const draft = `${path}.${process.pid}.draft`
  const stream = createWriteStream(draft)
  const ended = finished(stream)
  ended.catch(() => undefined) // Awaited below; a failure may come before that.
  try {
    if (delimiter !== undefined)
      stream.write(`${columns.map((name) => field(name, delimiter)).join(delimiter)}\n`)
    let count = 0
    for await (const cells of rows) {
      count++
      if (!stream.write(`${line(cells)}\n`)) await Promise.race([once(stream, 'drain'), ended])
    }
    stream.end()
    await ended
    await rename(draft, path)
    return count
  } catch (error) {
    stream.destroy()
    await rm(draft, { force: true })
    throw error
  }
}

function field(value: CellValue, delimiter: string): string {
  if (value === null) return ''
  const text = Array.isArray(value) ? JSON.stringify(value) : String(value)
  const isPlain = !text.includes(delimiter) && !/["\r\n]/.test(text) && text === text.trim()
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`
}
