/**
 * Learns byte-pair merges from word counts: the most frequent pair first, ties to the smaller pair of ids.
 * Equal to huggingface/tokenizers 0.23 (`models/bpe/trainer.rs`) on the same words, with one difference: tokens
 * that only continue a word get their ids in code-point order, where the reference takes a hash map's order.
 */
import { breathe } from '../../../../shared/breathe'
import type { TrainingHooks } from './countWords'
import { Heap } from '../heap'

export interface MergeOptions {
  vocab_size: number
  /** A pair seen less often is not merged. */
  min_frequency: number
  /** Characters kept at most, the most frequent ones. */
  limit_alphabet: number | null
  /** Characters kept in any case. */
  initial_alphabet: readonly string[]
  special_tokens: readonly string[]
  continuing_subword_prefix: string
}

export interface LearnedMerges {
  vocab: Map<string, number>
  merges: [string, string][]
}

/** Larger than any vocabulary: a pair is the number `a * RADIX + b`. */
const RADIX = 2 ** 22

export async function learnMerges(
  wordCounts: ReadonlyMap<string, number>,
  options: MergeOptions,
  hooks: TrainingHooks = {},
): Promise<LearnedMerges> {
  const vocab = new Map<string, number>()
  const tokens: string[] = []
  const addToken = (token: string): number => {
    const known = vocab.get(token)
    if (known !== undefined) return known
    vocab.set(token, tokens.length)
    return tokens.push(token) - 1
  }
  options.special_tokens.forEach(addToken)
  const alphabet = chooseAlphabet(wordCounts, options)
  alphabet.forEach(addToken)
  if (options.continuing_subword_prefix !== '') {
    for (const char of continuingCharacters(wordCounts, new Set(alphabet))) {
      addToken(options.continuing_subword_prefix + char)
    }
  }
  const words = spellWords(wordCounts, vocab, new Set(alphabet), options.continuing_subword_prefix)
  const counts = Float64Array.from(wordCounts.values())

  const pairCounts = new Map<number, number>()
  const heap = initialHeap(words, counts, pairCounts)
  const merges: [string, string][] = []
  const target = options.vocab_size
  while (vocab.size < target) {
    const top = heap.pop()
    if (!top) break
    const count = pairCounts.get(top.pair)!
    if (top.count !== count) {
      if (count > 0) heap.push({ ...top, count })
      continue
    }
    if (count < 1 || count < options.min_frequency) break
    const [a, b] = [Math.floor(top.pair / RADIX), top.pair % RADIX]
    const left = tokens[a]!
    const right = tokens[b]!
    const prefix = options.continuing_subword_prefix
    const merged = addToken(
      left + (prefix !== '' && right.startsWith(prefix) ? right.slice(prefix.length) : right),
    )
    merges.push([left, right])

    const born = new Map<number, number[]>()
    for (const word of top.words) {
      mergeInWord(words[word]!, a, b, merged, (pair, change) => {
        pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + change * counts[word]!)
        if (change < 0) return
        const positions = born.get(pair)
        if (!positions) born.set(pair, [word])
        else if (positions.at(-1) !== word) positions.push(word)
      })
    }
    for (const [pair, positions] of born) {
      const bornCount = pairCounts.get(pair)!
      if (bornCount > 0) heap.push({ pair, count: bornCount, words: positions })
    }
    if (merges.length % 64 === 0) {
      hooks.onProgress?.('Learning merges', vocab.size, target)
      await breathe(hooks.signal)
    }
  }
  return { vocab, merges }
}

function chooseAlphabet(wordCounts: ReadonlyMap<string, number>, options: MergeOptions): string[] {
  const frequency = new Map<string, number>()
  for (const [word, count] of wordCounts) {
    for (const char of word) frequency.set(char, (frequency.get(char) ?? 0) + count)
  }
  for (const char of options.initial_alphabet) frequency.set(char, Infinity)
  const kept = [...frequency]
  if (options.limit_alphabet !== null && kept.length > options.limit_alphabet) {
    kept.sort((a, b) => b[1] - a[1] || codePoint(a[0]) - codePoint(b[0]))
    kept.length = options.limit_alphabet
  }
  return kept.map(([char]) => char).sort((a, b) => codePoint(a) - codePoint(b))
}

function codePoint(char: string): number {
  return char.codePointAt(0)!
}

function continuingCharacters(
  wordCounts: ReadonlyMap<string, number>,
  alphabet: ReadonlySet<string>,
): string[] {
  const found = new Set<string>()
  for (const word of wordCounts.keys()) {
    let isFirst = true
    for (const char of word) {
      if (!isFirst && alphabet.has(char)) found.add(char)
      isFirst = false
    }
  }
  return [...found].sort((a, b) => codePoint(a) - codePoint(b))
}

/** Each word as ids of its characters; characters outside the alphabet are dropped. */
function spellWords(
  wordCounts: ReadonlyMap<string, number>,
  vocab: ReadonlyMap<string, number>,
  alphabet: ReadonlySet<string>,
  prefix: string,
): number[][] {
  const words: number[][] = []
  for (const word of wordCounts.keys()) {
    const ids: number[] = []
    let isFirst = true
    for (const char of word) {
      if (alphabet.has(char)) ids.push(vocab.get(isFirst ? char : prefix + char)!)
      isFirst = false
    }
    words.push(ids)
  }
  return words
}

function initialHeap(
  words: readonly number[][],
  counts: Float64Array,
  pairCounts: Map<number, number>,
): Heap<PairEntry> {
  const positions = new Map<number, number[]>()
  words.forEach((ids, word) => {
    for (let i = 0; i + 1 < ids.length; i++) {
      const pair = ids[i]! * RADIX + ids[i + 1]!
      pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + counts[word]!)
      const known = positions.get(pair)
      if (!known) positions.set(pair, [word])
      else if (known.at(-1) !== word) known.push(word)
    }
  })
  const entries: PairEntry[] = []
  for (const [pair, list] of positions) entries.push({ pair, count: pairCounts.get(pair)!, words: list })
  return new Heap(isBefore, entries)
}

/** Replaces each a b by `merged` and reports how often neighbouring pairs came and went. */
function mergeInWord(
  ids: number[],
  a: number,
  b: number,
  merged: number,
  change: (pair: number, by: 1 | -1) => void,
): void {
  let out = 0
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === a && ids[i + 1] === b) {
      if (out > 0) {
        change(ids[out - 1]! * RADIX + a, -1)
        change(ids[out - 1]! * RADIX + merged, 1)
      }
      if (i + 2 < ids.length) {
        change(b * RADIX + ids[i + 2]!, -1)
        change(merged * RADIX + ids[i + 2]!, 1)
      }
      ids[out++] = merged
      i++
    } else ids[out++] = ids[i]!
  }
  ids.length = out
}

/** A candidate merge. */
interface PairEntry {
  pair: number
  /** As it was when the entry was pushed; the trainer checks it against the present count. */
  count: number
  /** Words the pair was seen in. */
  words: number[]
}

/** The more frequent pair first, ties to the smaller. */
function isBefore(a: PairEntry, b: PairEntry): boolean {
  return a.count > b.count || (a.count === b.count && a.pair < b.pair)
}
