/** The formats that can be read, and which one a file is. To add one: a reader, an entry here. */
import type { SourceFormat } from './row'

export interface FormatInfo {
  id: SourceFormat
  label: string
  extensions: readonly string[]
}

export const FORMATS: readonly FormatInfo[] = [
  { id: 'csv', label: 'CSV', extensions: ['.csv'] },
  { id: 'tsv', label: 'TSV', extensions: ['.tsv', '.tab'] },
  { id: 'jsonl', label: 'JSON lines', extensions: ['.jsonl', '.ndjson'] },
  { id: 'json', label: 'JSON', extensions: ['.json'] },
  { id: 'conll', label: 'CoNLL, a token a line', extensions: ['.conll', '.iob', '.iob2', '.bio'] },
  { id: 'txt', label: 'Text, a row a line', extensions: ['.txt', '.text'] },
]

/**
 * By the extension, else by how the text begins. A .json file with an object a line is JSON lines, a text file with
 * an IOB tag at the end of each line is CoNLL.
 */
export function sniffFormat(name: string | null, head: string): SourceFormat {
  const extension = name?.toLowerCase().match(/\.[^./\\]+$/)?.[0]
  const named = FORMATS.find((format) => extension !== undefined && format.extensions.includes(extension))
  if ((!named || named.id === 'txt') && isTagged(head)) return 'conll'
  if (named && named.id !== 'json') return named.id
  const start = head.trimStart()
  if (start.startsWith('[')) return 'json'
  if (start.startsWith('{')) return firstLineIsObject(start) ? 'jsonl' : 'json'
  if (named) return named.id
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
