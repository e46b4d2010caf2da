/** What a tokenization model does with one word. */

export interface WordTokens {
  ids: number[]
  /** For each token, where it ends in the word (UTF-16 units); it begins where the one before ends. */
  ends: number[]
}

export interface Model {
  tokenizeWord(word: string): WordTokens
  readonly vocab: ReadonlyMap<string, number>
  readonly unkToken: string | null
  /** The `model` object of tokenizer.json. */
  toJson(): Record<string, unknown>
}

/** @returns for each id its token; holes where the vocabulary has gaps. */
export function invertVocab(vocab: ReadonlyMap<string, number>): (string | undefined)[] {
  const tokens: (string | undefined)[] = []
  for (const [token, id] of vocab) tokens[id] = token
  return tokens
}
