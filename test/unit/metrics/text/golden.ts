// Fixtures of the text metrics: corpora in sacreBLEU's streams, turned into rows.
import { readFileSync } from 'node:fs'

export function readGolden(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../golden/${path}`, import.meta.url), 'utf8'))
}

export interface Corpus {
  hypotheses: string[]
  references: (string | null)[][]
}

/** References by row, the missing ones left out. */
export function byRow({ hypotheses, references }: Corpus): string[][] {
  return hypotheses.map((_, i) =>
    references.map((stream) => stream[i] ?? null).filter((line): line is string => line !== null),
  )
}
