/**
 * What an epoch reads, as batches of one shape each: every text once, with words masked, beside its partners: one of the
 * entry's own words; the words masked in the text; the definition of a word that the definition uses or, of an example,
 * the definition it stands beside.
 */
import { RandomStream } from '../../src/main/engine/random/stream'
import { BERT_SPECIAL_TOKENS } from '../../src/main/engine/tokenize/families'
import type { Tokenizer } from '../../src/main/engine/tokenize/tokenizer'
import type { StepShape } from './model'
import type { TokenEntry, TokenText } from './texts'

/** What is trained: word vectors alone (a text is the bag of its words), or the whole encoder. */
export type Stage = 'words' | 'texts'

interface Item {
  text: TokenText
  /** Words of the entry, and a definition beside the text; none where it has none. */
  words: Int32Array
  definition: Int32Array
}

export interface Batch {
  shape: StepShape
  items: readonly Item[]
}

const LENGTHS = [6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 40, 48, 128]
/** Tokens of a batch when whole texts are read, and rows when word vectors alone are trained. */
const TEXT_TOKENS = 2048
const MOST_TEXTS = 192
const WORD_ROWS = 512
/** Share of a text's tokens that are masked, and that are predicted. */
const MASKED = 0.25
const PREDICTED = 0.16
/** Share of the texts that are read as part of a longer one, so that every position is trained. */
const JOINED = 0.08
const JOINED_TOKENS = 126
const NONE = new Int32Array(0)
const ORDER_STREAM: Readonly<Record<Stage, number>> = { words: 10, texts: 11 }

export function epochBatches(
  entries: readonly TokenEntry[],
  stage: Stage,
  seed: number,
  epoch: number,
): Batch[] {
  const random = new RandomStream(seed, epoch, ORDER_STREAM[stage])
  const groups = new Map<number, Item[]>()
  const put = (item: Item) => {
    const length = LENGTHS.find((l) => item.text.ids.length + 2 <= l) ?? LENGTHS.at(-1)!
    const group = groups.get(length)
    if (group) group.push(item)
    else groups.set(length, [item])
  }
  const drawn = shuffled(
    entries.flatMap((entry) => [
      { entry, text: entry.definition, isExample: false },
      ...entry.examples.map((text) => ({ entry, text, isExample: true })),
    ]),
    random,
  )
  const joiner = new Joiner(put)
  for (const { entry, text, isExample } of drawn) {
    if (stage === 'texts' && random.uniform() < JOINED) {
      joiner.add(text)
      continue
    }
    const { mentions } = entry
    const mentioned =
      mentions.length > 0 ? entries[mentions[random.below(mentions.length)]!]!.definition.ids : NONE
    put({
      text,
      words: entry.words[random.below(entry.words.length)]!,
      definition: isExample ? entry.definition.ids : mentioned,
    })
  }
  const batches: Batch[] = []
  for (const [length, items] of groups) {
    const rows = stage === 'words' ? WORD_ROWS : Math.min(MOST_TEXTS, Math.floor(TEXT_TOKENS / length))
    const shape = { rows, length, picks: stage === 'words' ? 0 : Math.round(rows * length * PREDICTED) }
    for (let from = 0; from + rows <= items.length; from += rows)
      batches.push({ shape, items: items.slice(from, from + rows) })
  }
  return shuffled(batches, random)
}

/** Texts one after the other, up to the longest length. */
class Joiner {
  #ids: number[] = []
  #word: number[] = []

  constructor(readonly put: (item: Item) => void) {}

  add({ ids, word }: TokenText): void {
    if (this.#ids.length + ids.length > JOINED_TOKENS) {
      const text = { ids: Int32Array.from(this.#ids), word: Int32Array.from(this.#word) }
      this.put({ text, words: NONE, definition: NONE })
      this.#ids = []
      this.#word = []
    }
    const from = (this.#word.at(-1) ?? -1) + 1
    this.#ids.push(...ids)
    this.#word.push(...[...word].map((w) => w + from))
  }
}

function shuffled<T>(items: T[], random: RandomStream): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    ;[items[i], items[j]] = [items[j]!, items[i]!]
  }
  return items
}

export interface PartnerFeeds {
  ids: Int32Array
  /** 1/n at each of n tokens. */
  weights: Float32Array
  bias: Float32Array
  rows: Float32Array
}

export interface Feeds {
  input_ids: Int32Array
  attention_bias: Float32Array
  text_weights: Float32Array
  picked: Int32Array
  labels: Int32Array
  row_weights: Float32Array
  partners: readonly PartnerFeeds[]
}

/** Added to a score that must not count. */
export const NEVER = -1e4

/** Masks and lays out one batch. Of masked tokens 80 % become [MASK], 10 % another one, 10 % stay (Devlin et al.). */
export function fillFeeds(
  { shape, items }: Batch,
  feeds: Feeds,
  tokenizer: Tokenizer,
  random: RandomStream,
): void {
  const { pad, cls, sep, mask } = tokenizer.specialTokens
  const ordinary = BERT_SPECIAL_TOKENS.length
  const { length, picks } = shape
  feeds.input_ids.fill(pad!.id)
  feeds.attention_bias.fill(NEVER)
  feeds.text_weights.fill(0)
  feeds.picked.fill(0)
  feeds.labels.fill(0)
  feeds.row_weights.fill(0)
  const chosen: [at: number, id: number][] = []
  const maskedWords = items.map(({ text }, row) => {
    const count = Math.min(text.ids.length, length - 2)
    const at = row * length
    const masked = maskedTokens(text, count, random)
    feeds.input_ids[at] = cls!.id
    feeds.input_ids.set(text.ids.subarray(0, count), at + 1)
    feeds.input_ids[at + 1 + count] = sep!.id
    feeds.attention_bias.fill(0, at, at + count + 2)
    feeds.text_weights.fill(1 / count, at + 1, at + 1 + count)
    for (const i of masked) {
      chosen.push([at + 1 + i, text.ids[i]!])
      const u = random.uniform()
      if (u < 0.8) feeds.input_ids[at + 1 + i] = mask!.id
      else if (u < 0.9) feeds.input_ids[at + 1 + i] = ordinary + random.below(tokenizer.idCount - ordinary)
    }
    return Int32Array.from(masked, (i) => text.ids[i]!)
  })
  const [words, masked, definition] = feeds.partners
  fillPartner(
    words!,
    items.map((item) => item.words),
  )
  fillPartner(masked!, maskedWords)
  fillPartner(
    definition!,
    items.map((item) => item.definition),
  )
  const picked = shuffled(chosen, random).slice(0, picks)
  picked.forEach(([at, id], i) => {
    feeds.picked[i] = at
    feeds.labels[i] = id
    feeds.row_weights[i] = 1 / picked.length
  })
}

function fillPartner({ ids, weights, bias, rows }: PartnerFeeds, texts: readonly Int32Array[]): void {
  const count = texts.length
  const width = ids.length / count
  ids.fill(0)
  weights.fill(0)
  bias.fill(0)
  const present = texts.filter((text) => text.length > 0).length
  const keys = texts.map((text, row) => {
    const kept = text.subarray(0, width)
    ids.set(kept, row * width)
    weights.fill(1 / Math.max(1, kept.length), row * width, row * width + kept.length)
    rows[row] = kept.length > 0 ? 1 / present : 0
    return kept.join()
  })
  // Two rows with the same partner are no negatives of each other.
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++) if (i !== j && keys[i] === keys[j]) bias[i * count + j] = NEVER
}

/** Whole words, at least one, until the share is reached (whole-word masking). */
function maskedTokens({ word }: TokenText, count: number, random: RandomStream): number[] {
  const words = shuffled([...new Set(word.subarray(0, count))], random)
  const wanted = Math.max(1, Math.round(MASKED * count))
  const taken = new Set<number>()
  let tokens = 0
  for (const w of words) {
    if (tokens >= wanted) break
    taken.add(w)
    for (let i = 0; i < count; i++) if (word[i] === w) tokens++
  }
  return Array.from({ length: count }, (_, i) => i).filter((i) => taken.has(word[i]!))
}
