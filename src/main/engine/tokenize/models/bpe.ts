/** Byte-pair encoding (Sennrich et al. 2016), character or byte level: merges applied by rank, leftmost first. */
import { invariant, UserError } from '../../../../shared/errors'
import { byteFallbackIds } from './byteFallback'
import type { Model, WordTokens } from './model'
import { mergeSymbols, type MergeTable } from './mergeSymbols'

export interface BpeOptions {
  vocab: ReadonlyMap<string, number>
  merges: readonly (readonly [string, string])[]
  unk_token: string | null
  continuing_subword_prefix: string | null
  end_of_word_suffix: string | null
  fuse_unk: boolean
  byte_fallback: boolean
  ignore_merges: boolean
}

/** @throws UserError('bad-input') if a merge names a token that the vocabulary lacks. */
export function bpe(options: BpeOptions): Model {
  const { vocab } = options
  const prefix = options.continuing_subword_prefix ?? ''
  const suffix = options.end_of_word_suffix ?? ''
  const merges = indexMerges(options, prefix)
  const unkId = options.unk_token === null ? undefined : vocab.get(options.unk_token)

  function tokenizeWord(word: string): WordTokens {
    if (options.ignore_merges) {
      const id = vocab.get(word)
      if (id !== undefined) return { ids: [id], ends: [word.length] }
    }
    const symbols: number[] = []
    const ends: number[] = []
    let openUnknown = false
    for (let i = 0; i < word.length;) {
      const end = i + (word.codePointAt(i)! > 0xffff ? 2 : 1)
      const char = (i > 0 ? prefix : '') + word.slice(i, end) + (end === word.length ? suffix : '')
      i = end
      const id = vocab.get(char)
      if (id !== undefined) {
        symbols.push(id)
        ends.push(end)
        openUnknown = false
        continue
      }
      const bytes = options.byte_fallback ? byteFallbackIds(char, vocab) : undefined
      if (bytes) {
        for (const byte of bytes) {
          symbols.push(byte)
          ends.push(end)
        }
      } else if (options.unk_token !== null) {
        if (unkId === undefined) {
          throw new UserError('bad-input', `The vocabulary lacks its unknown token ${options.unk_token}.`)
        }
        if (options.fuse_unk && openUnknown) ends[ends.length - 1] = end
        else {
          symbols.push(unkId)
          ends.push(end)
        }
        openUnknown = true
      }
    }
    return mergeSymbols(symbols, ends, merges)
  }

  return {
    tokenizeWord,
    vocab,
    unkToken: options.unk_token,
    toJson: () => ({
      type: 'BPE',
      dropout: null,
      unk_token: options.unk_token,
      continuing_subword_prefix: options.continuing_subword_prefix,
      end_of_word_suffix: options.end_of_word_suffix,
      fuse_unk: options.fuse_unk,
      byte_fallback: options.byte_fallback,
      ignore_merges: options.ignore_merges,
      vocab: Object.fromEntries(vocab),
      merges: options.merges,
    }),
  }
}

function indexMerges(options: BpeOptions, prefix: string): MergeTable {
  const { vocab } = options
  let size = 0
  for (const id of vocab.values()) size = Math.max(size, id + 1)
  const byPair = new Map<number, { rank: number; id: number }>()
  options.merges.forEach(([a, b], rank) => {
    const merged = a + b.slice(prefix.length)
    const [left, right, id] = [vocab.get(a), vocab.get(b), vocab.get(merged)]
    if (left === undefined || right === undefined || id === undefined) {
      throw new UserError('bad-input', `The merge "${a} ${b}" uses a token that the vocabulary lacks.`, {
        where: { field: `merges[${rank}]` },
      })
    }
    byPair.set(left * size + right, { rank, id })
  })
  invariant(size <= 2 ** 26, 'pair keys fit a double')
  return { size, byPair }
}
