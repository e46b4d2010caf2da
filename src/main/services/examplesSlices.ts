/** Rows by their length, in groups of about the same size. */
import type { ExampleSlice } from '../../shared/domain/examples'
import type { ExamplesFile } from '../data/examples/openExamples'

const GROUPS = 8

export function lengthSlices(file: ExamplesFile): ExampleSlice[] {
  return groups(file.lengths()).map(({ from, to }) => {
    const filter = { length: { from, to } }
    return { value: from === to ? String(from) : `${from}–${to}`, filter, ...file.totals(filter) }
  })
}

/** @param lengths sorted; rows of one length stay together */
function groups(lengths: readonly number[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (let start = 0; start < lengths.length;) {
    const to = lengths[Math.min(lengths.length - 1, start + Math.ceil(lengths.length / GROUPS) - 1)]!
    found.push({ from: lengths[start]!, to })
    while (start < lengths.length && lengths[start]! <= to) start++
  }
  return found
}
