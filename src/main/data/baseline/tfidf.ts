/**
 * TF-IDF rows as scikit-learn's TfidfVectorizer makes them by default: lower case, words of two or more word characters,
 * smoothed idf, rows of Euclidean length 1.
 */

import type { SparseMatrix } from './logisticRegression'

export interface TfIdf {
  /** Column of each word. */
  vocabulary: Map<string, number>
  idf: Float64Array
}

export function fitTfIdf(texts: readonly string[]): TfIdf {
  const vocabulary = new Map<string, number>()
  const documents: number[] = []
  for (const text of texts) {
    for (const word of new Set(words(text))) {
      const column = vocabulary.get(word)
      if (column === undefined) {
        vocabulary.set(word, documents.length)
        documents.push(1)
      } else documents[column]!++
    }
  }
  const idf = Float64Array.from(documents, (count) => Math.log((1 + texts.length) / (1 + count)) + 1)
  return { vocabulary, idf }
}

export function transformTfIdf({ vocabulary, idf }: TfIdf, texts: readonly string[]): SparseMatrix {
  const starts = new Int32Array(texts.length + 1)
  const indices: number[] = []
  const values: number[] = []
  texts.forEach((text, row) => {
    const counts = new Map<number, number>()
    for (const word of words(text)) {
      const column = vocabulary.get(word)
      if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1)
    }
    let squares = 0
    for (const [column, count] of counts) squares += (count * idf[column]!) ** 2
    const length = Math.sqrt(squares) || 1
    for (const [column, count] of counts) {
      indices.push(column)
      values.push((count * idf[column]!) / length)
    }
    starts[row + 1] = indices.length
  })
  return {
    rows: texts.length,
    columns: idf.length,
    starts,
    indices: Int32Array.from(indices),
    values: Float64Array.from(values),
  }
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_\p{M}]{2,}/gu) ?? []
}
