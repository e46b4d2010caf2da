/** The tokenizers looked at side by side are A, B and C, each in its series' colour. */
export const LETTERS = ['A', 'B', 'C'] as const

export function seriesToken(index: number): `--series-${number}` {
  return `--series-${index + 1}`
}
