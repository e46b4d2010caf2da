/** Some rows of a split, as if they were all. */
import type { EncodedRows } from '../../engine/tokenize/encodeRows'
import { answersOf, type LabelledRows } from '../../engine/train/rows'

export function rowsAt(
  encoded: EncodedRows,
  rows: LabelledRows,
  chosen: readonly number[],
): { encoded: EncodedRows; rows: LabelledRows } {
  const ofTokens = (values: Int32Array, row: number) =>
    values.subarray(rows.offsets[row], rows.offsets[row + 1])
  const cut = (values: Int32Array) => Int32Array.from(chosen.flatMap((row) => [...ofTokens(values, row)]))
  const offsets = cumulated(chosen.map((row) => rows.offsets[row + 1]! - rows.offsets[row]!))
  const typeIds = rows.typeIds && cut(rows.typeIds)
  const places = rows.places && {
    positions: Int32Array.from(
      chosen.flatMap((row) => {
        const { from, to } = answersOf(rows, row)
        return [...rows.places!.positions.subarray(from, to)]
      }),
    ),
    offsets: cumulated(
      chosen.map((row) => {
        const { from, to } = answersOf(rows, row)
        return to - from
      }),
    ),
  }
  return {
    encoded: {
      ids: cut(encoded.ids),
      offsets,
      typeIds,
      words: encoded.words && cut(encoded.words),
      truncatedRows: 0,
    },
    rows: { ids: cut(rows.ids), offsets, typeIds, places: places ?? null, labels: labelsAt(rows, chosen) },
  }
}

function labelsAt(rows: LabelledRows, chosen: readonly number[]): LabelledRows['labels'] {
  const answers = rows.places ? rows.places.positions.length : rows.offsets.length - 1
  const width = rows.labels.length / Math.max(1, answers)
  const kept = chosen.flatMap((row) => {
    const { from, to } = answersOf(rows, row)
    return [...rows.labels.subarray(from * width, to * width)]
  })
  return rows.labels instanceof Int32Array ? Int32Array.from(kept) : Float32Array.from(kept)
}

function cumulated(counts: readonly number[]): Int32Array {
  const offsets = new Int32Array(counts.length + 1)
  counts.forEach((count, i) => (offsets[i + 1] = offsets[i]! + count))
  return offsets
}
