/** Which format a file is. To add one: a reader, its name in `sourceFormats`, its extensions here. */
import type { SourceFormat } from '../../../shared/domain/sourceFormats'

const EXTENSIONS: Readonly<Record<SourceFormat, readonly string[]>> = {
  csv: ['.csv'],
  tsv: ['.tsv', '.tab'],
  jsonl: ['.jsonl', '.ndjson'],
  json: ['.json'],
  parquet: ['.parquet'],
  conll: ['.conll', '.iob', '.iob2', '.bio'],
  txt: ['.txt', '.text', '.md'],
  paragraphs: [],
  document: [],
  folder: [],
}

/**
 * By the extension, else by how the text begins. A .json file with an object a line is JSON lines, a text file with
 * an IOB tag at the end of each line is CoNLL.
 */
export function sniffFormat(name: string | null, head: string): SourceFormat {
  const extension = name?.toLowerCase().match(/\.[^./\\]+$/)?.[0]
  const named = (Object.keys(EXTENSIONS) as SourceFormat[]).find(
    (format) => extension !== undefined && EXTENSIONS[format].includes(extension),
  )
  if ((!named || named === 'txt') && isTagged(head)) return 'conll'
  if (named && named !== 'json') return named
  const start = head.trimStart()
  if (start.startsWith('[')) return 'json'
  if (start.startsWith('{')) return firstLineIsObject(start) ? 'jsonl' : 'json'
  if (named) return named
  return firstLine(start).includes('\t') ? 'tsv' : 'csv'
}

/** Whether every whole line is empty, a document's start, or a token and an IOB tag. */
function isTagged(head: string): boolean {
  const lines = head.split(/\r\n|\n|\r/).slice(0, -1)
  const tokens = lines.filter((line) => line.trim() !== '' && !line.startsWith('# '))
  return tokens.length > 0 && tokens.every((line) => /^\S+([\t ].*)?[\t ](O|[BIESLU]-\S+)\s*$/.test(line))
}

function firstLine(text: string): string {
  return text.split(/\r\n|\n|\r/, 1)[0]!
}

function firstLineIsObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(firstLine(text))
    return typeof value === 'object' && value !== null && !Object.values(value).some(isListOfObjects)
  } catch {
    return false
  }
}

function isListOfObjects(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === 'object' && item !== null)
  )
}
