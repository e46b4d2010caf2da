/** What data can be read from: formats and encodings, with the names they are shown by, and how a reader is told them. */
import { z } from 'zod'

export const SOURCE_FORMATS = {
  csv: 'CSV',
  tsv: 'TSV',
  jsonl: 'JSON lines',
  json: 'JSON',
  parquet: 'Parquet',
  conll: 'CoNLL, a token a line',
  txt: 'Text, a row a line',
  paragraphs: 'Text, a row a paragraph',
  document: 'Text, one row',
  folder: 'Folder, a text file a row',
} as const
export const SourceFormat = z.enum(Object.keys(SOURCE_FORMATS) as (keyof typeof SOURCE_FORMATS)[])
export type SourceFormat = z.infer<typeof SourceFormat>

export const ENCODINGS = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  latin1: 'Latin-1',
} as const
export const Encoding = z.enum(Object.keys(ENCODINGS) as (keyof typeof ENCODINGS)[])
export type Encoding = z.infer<typeof Encoding>

/** What is not given is found out. Latin-1 is used only where it is asked for: nearly any bytes would pass as it. */
export const SourceSettings = z.strictObject({
  format: SourceFormat.optional(),
  encoding: Encoding.optional(),
  delimiter: z.string().length(1).optional(),
})
export type SourceSettings = z.infer<typeof SourceSettings>
