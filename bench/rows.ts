/** Rows to measure with: random ones of one length, or the sample's with the lengths they have. */
import { readFile, writeFile } from 'node:fs/promises'
import { semanticFieldsRows } from '../src/main/data/sample/semanticFields'
import type { LabelledRows } from '../src/main/engine/train/rows'
import { encodeRows } from '../src/main/engine/tokenize/encodeRows'
import { trainTokenizer } from '../src/main/engine/tokenize/train/trainTokenizer'

const MAX_LENGTH = 128
const VOCAB_SIZE = 8000

/** The training rows of the sample, tokenized by its own WordPiece, as JSON Lines of `{input_ids, labels}`. */
export async function writeSampleRows(file: string): Promise<void> {
  const rows = (await semanticFieldsRows()).filter(({ split }) => split === 'train')
  const texts = rows.map(({ cells }) => cells.text)
  const labels = [...new Set(rows.map(({ cells }) => cells.label))].sort()
  const tokenizer = await trainTokenizer(texts, { vocab_size: VOCAB_SIZE })
  const { ids, offsets } = await encodeRows(tokenizer, texts, null, { maxLength: MAX_LENGTH })
  const lines = rows.map(({ cells }, row) =>
    JSON.stringify({
      input_ids: [...ids.subarray(offsets[row], offsets[row + 1])],
      labels: labels.indexOf(cells.label),
    }),
  )
  await writeFile(file, lines.join('\n'))
}

export async function readRows(file: string): Promise<LabelledRows> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  const rows = lines.map((line) => JSON.parse(line) as { input_ids: number[]; labels: number })
  return labelledRows(
    rows.map((row) => row.input_ids),
    rows.map((row) => row.labels),
  )
}

export function randomRows(
  count: number,
  length: number,
  vocabSize: number,
  numLabels: number,
): LabelledRows {
  let state = 42
  const next = (below: number) => (state = (state * 48271) % 0x7fffffff) % below
  return labelledRows(
    Array.from({ length: count }, () => Array.from({ length }, () => 5 + next(vocabSize - 5))),
    Array.from({ length: count }, () => next(numLabels)),
  )
}

function labelledRows(ids: readonly number[][], labels: readonly number[]): LabelledRows {
  const offsets = new Int32Array(ids.length + 1)
  ids.forEach((row, i) => (offsets[i + 1] = offsets[i]! + row.length))
  return { ids: Int32Array.from(ids.flat()), offsets, typeIds: null, labels: Int32Array.from(labels) }
}
