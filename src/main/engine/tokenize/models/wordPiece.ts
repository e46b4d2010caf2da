/** WordPiece: greedy longest match from the left (Wu et al. 2016; google-research/bert, tokenization.py). */
import { UserError } from '../../../../shared/errors'
import type { Model, WordTokens } from './model'

export interface WordPieceOptions {
  vocab: ReadonlyMap<string, number>
  unk_token: string
  continuing_subword_prefix: string
  max_input_chars_per_word: number
}

export function wordPiece(options: WordPieceOptions): Model {
  const { vocab } = options
  const prefix = options.continuing_subword_prefix
  const unkId = vocab.get(options.unk_token)
  /** Continuations without their prefix, so that the loop below builds no strings but slices. */
  const continuations = new Map<string, number>()
  let longestStart = 0
  let longestContinuation = 0
  for (const [token, id] of vocab) {
    longestStart = Math.max(longestStart, token.length)
    if (token.startsWith(prefix)) {
      const rest = token.slice(prefix.length)
      continuations.set(rest, id)
      longestContinuation = Math.max(longestContinuation, rest.length)
    }
  }

  function unknown(word: string): WordTokens {
    if (unkId === undefined) {
      throw new UserError('bad-input', `The vocabulary lacks its unknown token ${options.unk_token}.`)
    }
    return { ids: [unkId], ends: [word.length] }
  }

  function tokenizeWord(word: string): WordTokens {
    if (isLonger(word, options.max_input_chars_per_word)) return unknown(word)
    const ids: number[] = []
    const ends: number[] = []
    for (let start = 0; start < word.length;) {
      const table = start === 0 ? vocab : continuations
      let end = Math.min(word.length, start + (start === 0 ? longestStart : longestContinuation))
      let id: number | undefined
      for (; end > start; end--) {
        id = table.get(word.slice(start, end))
        if (id !== undefined) break
      }
      if (id === undefined) return unknown(word)
      ids.push(id)
      ends.push(end)
      start = end
    }
    return { ids, ends }
  }

  return {
    tokenizeWord,
    vocab,
    unkToken: options.unk_token,
    toJson: () => ({
      type: 'WordPiece',
      unk_token: options.unk_token,
      continuing_subword_prefix: prefix,
      max_input_chars_per_word: options.max_input_chars_per_word,
      vocab: Object.fromEntries(vocab),
    }),
  }
}

/** True if the text has more than `limit` code points. */
function isLonger(text: string, limit: number): boolean {
  if (text.length <= limit) return false
  if (text.length > 2 * limit) return true
  return Array.from(text).length > limit
}
