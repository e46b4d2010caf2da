/** How many tokens of one or two sequences are kept. Source: huggingface/tokenizers, `utils/truncation.rs`. */
import { UserError } from '../../../shared/errors'

export type TruncationStrategy = 'longest_first' | 'only_first' | 'only_second'

/**
 * @param lengths tokens of the first and (or null) the second sequence, special tokens not counted
 * @param limit tokens both may have together
 * @throws UserError('bad-input') if the one sequence that may be cut is too short to cut enough
 */
export function truncatedLengths(
  lengths: readonly [number, number | null],
  limit: number,
  strategy: TruncationStrategy,
): [number, number | null] {
  const [a, b] = lengths
  const excess = a + (b ?? 0) - limit
  if (excess <= 0) return [a, b]
  if (limit === 0) return [0, b === null ? null : 0]
  switch (strategy) {
    case 'longest_first':
      return b === null ? [limit, null] : longestFirst(a, b, limit)
    case 'only_first':
      if (a <= excess) throw tooShort('first', limit)
      return [a - excess, b]
    case 'only_second':
      if (b === null) throw new UserError('bad-config', 'Truncation "only_second" needs a second text.')
      if (b <= excess) throw tooShort('second', limit)
      return [a, b - excess]
  }
}

function longestFirst(a: number, b: number, limit: number): [number, number] {
  let shorter = Math.min(a, b)
  let longer = shorter > limit ? shorter : Math.max(shorter, limit - shorter)
  if (shorter + longer > limit) {
    shorter = Math.floor(limit / 2)
    longer = shorter + (limit % 2)
  }
  return a > b ? [longer, shorter] : [shorter, longer]
}

function tooShort(which: string, limit: number): UserError {
  return new UserError('bad-input', `The ${which} text is too short to cut both texts to ${limit} tokens.`, {
    hint: 'Use truncation "longest_first" or a larger max_length.',
  })
}
