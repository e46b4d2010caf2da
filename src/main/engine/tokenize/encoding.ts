/** What encoding a text gives: parallel lists, one entry a token. */
export interface Encoding {
  ids: number[]
  typeIds: number[]
  tokens: string[]
  /** [start, end) in UTF-16 units of the sequence the token came from; [0, 0] for added special tokens. */
  offsets: [number, number][]
  /** 1 for tokens that the template added. */
  specialTokensMask: number[]
  /** Index of the word the token came from, null for added special tokens. */
  wordIds: (number | null)[]
  /** 0 or 1: which of the two sequences; null for added special tokens. */
  sequenceIds: (number | null)[]
}

/** The tokens of one sequence before special tokens are put around it. */
export type SequenceTokens = Pick<Encoding, 'ids' | 'tokens' | 'offsets' | 'wordIds'>
