/** The corpus as token ids: what is read, and what each text may be paired with. */
import type { Tokenizer } from '../../src/main/engine/tokenize/tokenizer'
import { IdBuffer } from '../../src/main/engine/tokenize/idBuffer'
import type { Entry } from './wordnet'

export interface TokenText {
  ids: Int32Array
  /** For each token the word it belongs to. */
  word: Int32Array
}

export interface TokenEntry {
  words: Int32Array[]
  definition: TokenText
  examples: TokenText[]
  /** Entries that words of the definition stand for (in their most usual sense). */
  mentions: number[]
}

/** Words of more definitions than this share say little about one. */
const COMMON_SHARE = 0.02

export function tokenizeCorpus(
  entries: readonly Entry[],
  senses: ReadonlyMap<string, string>,
  tokenizer: Tokenizer,
): TokenEntry[] {
  const indexOf = new Map(entries.map(({ key }, i) => [key, i]))
  const frequency = new Map<string, number>()
  const contents = entries.map(({ definition }) => [
    ...new Set(definition.toLowerCase().match(/[a-z]+/g) ?? []),
  ])
  for (const words of contents) for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  const isCommon = (word: string) => frequency.get(word)! > COMMON_SHARE * entries.length
  return entries.map((entry, i) => ({
    words: entry.words.map((word) => plainIds(tokenizer, word)),
    definition: tokenText(tokenizer, entry.definition),
    examples: entry.examples.map((text) => tokenText(tokenizer, text)),
    mentions: contents[i]!.filter((word) => word.length > 2 && !isCommon(word))
      .map((word) => indexOf.get(senseOf(word, senses) ?? ''))
      .filter((index) => index !== undefined && index !== i) as number[],
  }))
}

/** With the commonest endings taken off where the word itself has no entry. */
function senseOf(word: string, senses: ReadonlyMap<string, string>): string | undefined {
  for (const [ending, instead] of [
    ['', ''],
    ['ies', 'y'],
    ['es', ''],
    ['s', ''],
    ['ing', ''],
    ['ing', 'e'],
    ['ed', ''],
    ['ed', 'e'],
  ] as const)
    if (word.endsWith(ending)) {
      const found = senses.get(word.slice(0, word.length - ending.length) + instead)
      if (found !== undefined) return found
    }
  return undefined
}

function plainIds(tokenizer: Tokenizer, text: string): Int32Array {
  const ids = new IdBuffer()
  tokenizer.appendIds(text, ids)
  return ids.data.slice(0, ids.length)
}

function tokenText(tokenizer: Tokenizer, text: string): TokenText {
  const ids = plainIds(tokenizer, text)
  let current = -1
  const word = Int32Array.from(ids, (id) => (tokenizer.idToToken(id)!.startsWith('##') ? current : ++current))
  return { ids, word }
}
