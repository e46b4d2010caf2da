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
  { id: 'txt', label: 'Text, a row a line', extensions: ['.txt', '.text'] },
]

/** By the extension, else by how the text begins. A .json file with an object a line is JSON lines. */
export function sniffFormat(name: string | null, head: string): SourceFormat {
  const extension = name?.toLowerCase().match(/\.[^./\\]+$/)?.[0]
  const named = FORMATS.find((format) => extension !== undefined && format.extensions.includes(extension))
  if (named && named.id !== 'json') return named.id
  const start = head.trimStart()
  if (start.startsWith('[')) return 'json'
  if (start.startsWith('{')) return firstLineIsObject(start) ? 'jsonl' : 'json'
  if (named) return named.id
  return firstLine(start).includes('\t') ? 'tsv' : 'csv'
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
