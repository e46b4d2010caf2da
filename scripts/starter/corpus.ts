/** The starter's text: WordNet's entries without those that say what a row kept for measuring says. */
import { semanticFieldsRows } from '../../src/main/data/sample/semanticFields'
import { KnownTexts, NEAR_DUPLICATE } from './exclusion'
import { probeRows } from './probe'
import { type Entry, readWordnet } from './wordnet'

export interface Exclusions {
  /** Of the sample: validation rows, and the training rows of the probe. */
  definitions_kept_out: { validation: number; probe: number }
  /** Share of words in common (Jaccard) from which texts count as near-duplicates. */
  near_duplicate_jaccard: number
  entries_read: number
  entries_left_out: { exact: number; near: number }
  examples_left_out: number
  entries: number
  /** Of the texts that stay. */
  words: number
}

/** An entry goes whole where its definition is kept out; an example alone where only the example is. */
export async function buildCorpus(): Promise<{ entries: Entry[]; exclusions: Exclusions }> {
  const rows = await semanticFieldsRows()
  const validation = rows.filter(({ split }) => split !== 'train')
  const probe = probeRows(rows)
  const keptOut = new KnownTexts([...validation, ...probe].map(({ cells }) => cells.text))
  const read = await readWordnet()
  const leftOut = { exact: 0, near: 0 }
  const entries: Entry[] = []
  let examplesLeftOut = 0
  for (const entry of read) {
    const match = keptOut.match(entry.definition)
    if (match) leftOut[match]++
    if (match || entry.definition === '') continue
    const examples = entry.examples.filter((text) => keptOut.match(text) === null)
    examplesLeftOut += entry.examples.length - examples.length
    entries.push({ ...entry, examples })
  }
  const texts = entries.flatMap(({ definition, examples }) => [definition, ...examples])
  return {
    entries,
    exclusions: {
      definitions_kept_out: { validation: validation.length, probe: probe.length },
      near_duplicate_jaccard: NEAR_DUPLICATE,
      entries_read: read.length,
      entries_left_out: leftOut,
      examples_left_out: examplesLeftOut,
      entries: entries.length,
      words: texts.reduce((n, text) => n + text.split(/\s+/).length, 0),
    },
  }
}
