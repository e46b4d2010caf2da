/** Unigram language model: the most probable segmentation by Viterbi (Kudo 2018; google/sentencepiece). */
import { UserError } from '../../../../shared/errors'
import { byteFallbackIds } from './byteFallback'
import type { Model, WordTokens } from './model'

export interface UnigramOptions {
  /** Tokens with their log probabilities, by id. */
  vocab: readonly (readonly [string, number])[]
  unk_id: number | null
  byte_fallback: boolean
}

const UNKNOWN_PENALTY = 10

interface TrieNode {
  children: Map<number, TrieNode>
  id: number
}

/** @throws UserError('bad-input') if the unknown token is not in the vocabulary. */
export function unigram(options: UnigramOptions): Model {
  const { unk_id: unkId } = options
  if (unkId !== null && unkId >= options.vocab.length) {
    throw new UserError('bad-input', `The unknown token's id ${unkId} is not in the vocabulary.`)
  }
  const scores = Float64Array.from(options.vocab, ([, score]) => score)
  const vocab = new Map(options.vocab.map(([token], id) => [token, id]))
  const unkScore = scores.reduce((a, b) => Math.min(a, b), Infinity) - UNKNOWN_PENALTY
  const root = buildTrie(vocab)

  /** Ends of the pieces of the best path, runs of unknown characters joined into one. */
  function segment(word: string): number[] {
    const best = new Float64Array(word.length + 1)
    const from = new Int32Array(word.length + 1).fill(-1)
    const ids = new Int32Array(word.length + 1)
    for (let start = 0; start < word.length;) {
      const charLength = word.codePointAt(start)! > 0xffff ? 2 : 1
      let hasSingle = false
      let node: TrieNode | undefined = root
      for (let end = start; end < word.length;) {
        node = node.children.get(word.charCodeAt(end++))
        if (!node) break
        if (node.id < 0) continue
        const score = scores[node.id]! + best[start]!
        if (from[end]! < 0 || score > best[end]!) {
          best[end] = score
          from[end] = start
          ids[end] = node.id
        }
        if (end - start === charLength) hasSingle = true
      }
      if (!hasSingle) {
        const end = start + charLength
        const score = unkScore + best[start]!
        if (from[end]! < 0 || score > best[end]!) {
          if (unkId === null) {
            throw new UserError(
              'bad-input',
              'A character is unknown and the tokenizer names no unknown token.',
            )
          }
          best[end] = score
          from[end] = start
          ids[end] = unkId
        }
      }
      start += charLength
    }
    const ends: number[] = []
    let laterIsUnknown = false
    for (let end = word.length; end > 0; end = from[end]!) {
      const isUnknown = ids[end] === unkId
      if (!(isUnknown && laterIsUnknown)) ends.push(end)
      laterIsUnknown = isUnknown
    }
    return ends.reverse()
  }

  function tokenizeWord(word: string): WordTokens {
    const ids: number[] = []
    const ends: number[] = []
    let start = 0
    for (const end of segment(word)) {
      const token = word.slice(start, end)
      start = end
      const id = vocab.get(token)
      const bytes = id === undefined && options.byte_fallback ? byteFallbackIds(token, vocab) : undefined
      for (const each of bytes ?? [id ?? unkId!]) {
        ids.push(each)
        ends.push(end)
      }
    }
    return { ids, ends }
  }

  return {
    tokenizeWord,
    vocab,
    unkToken: unkId === null ? null : options.vocab[unkId]![0],
    toJson: () => ({
      type: 'Unigram',
      unk_id: unkId,
      vocab: options.vocab,
      byte_fallback: options.byte_fallback,
    }),
  }
}

function buildTrie(vocab: ReadonlyMap<string, number>): TrieNode {
  const root: TrieNode = { children: new Map(), id: -1 }
  for (const [token, id] of vocab) {
    let node = root
    for (let i = 0; i < token.length; i++) {
      const unit = token.charCodeAt(i)
      let child = node.children.get(unit)
      if (!child) node.children.set(unit, (child = { children: new Map(), id: -1 }))
      node = child
    }
    if (node !== root) node.id = id
  }
  return root
}
