// Rows of a trajectory's run.json, and what its tests judge them by.
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { parse } from 'csv-parse/sync'
import { encodeRows } from '../../../../src/main/engine/tokenize/encodeRows'
import { loadTokenizer } from '../../../../src/main/engine/tokenize/load'
import type { LabelledRows } from '../../../../src/main/engine/train/rows'
import type { RunConfig } from '../../../../src/shared/domain/runConfig'

async function readRows(file: string): Promise<Record<string, string>[]> {
  const text = await readFile(file, 'utf8')
  if (extname(file) === '.csv') return parse(text, { columns: true })
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>)
}

export async function encoded(
  file: string,
  config: RunConfig,
  modelDir: string,
  labels: string[],
): Promise<LabelledRows> {
  const rows = await readRows(file)
  const { text, text_pair, label } = config.columns
  const column = (name: string) => rows.map((row) => row[name]!)
  const pairs = text_pair === undefined ? null : column(text_pair)
  const tokenizer = await loadTokenizer(modelDir)
  const tokens = await encodeRows(tokenizer, column(text!), pairs, { maxLength: config.max_length })
  return { ...tokens, labels: Int32Array.from(column(label!), (name) => labels.indexOf(name)) }
}

export function relative(a: number, b: number): number {
  return Math.abs(a - b) / Math.abs(b)
}
