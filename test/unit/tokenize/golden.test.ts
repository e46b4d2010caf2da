/** Ids, tokens, offsets and decoded text as Hugging Face's Python library gave them (test/golden/tokenizer). */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { AddedToken } from '../../../src/main/engine/tokenize/addedTokens'
import { CHAR_OF_BYTE } from '../../../src/main/engine/tokenize/byteAlphabet'
import { loadTokenizer } from '../../../src/main/engine/tokenize/load'
import { buildNormalizer } from '../../../src/main/engine/tokenize/normalizers'
import { buildPreTokenizer } from '../../../src/main/engine/tokenize/preTokenizers'
import { countWords } from '../../../src/main/engine/tokenize/train/countWords'
import { learnMerges } from '../../../src/main/engine/tokenize/train/learnMerges'
import type { TruncationStrategy } from '../../../src/main/engine/tokenize/truncation'
import { codePointOffsets } from './oracle'

vi.setConfig({ testTimeout: 60_000 })

const golden = join(import.meta.dirname, '../../golden/tokenizer')
const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(golden, ...path), 'utf8'))
const names = readdirSync(golden).filter((name) => statSync(join(golden, name)).isDirectory())
const texts = read('texts.json') as { lines: string[]; pairs: [string, string][] }

interface Line {
  ids: number[]
  tokens: string[]
  offsets: number[]
  decoded: string
}
interface PairSetting {
  max_length: number | null
  truncation: TruncationStrategy | null
  encodings: {
    pair: number
    ids?: number[]
    type_ids: number[]
    attention_mask: number[]
    special_tokens_mask: number[]
    error?: string
  }[]
}

describe.each(names)('%s', (name) => {
  test('every line', async () => {
    const tokenizer = await loadTokenizer(join(golden, name))
    const { encodings } = read(name, 'lines.json') as { encodings: Line[] }
    expect(encodings.length).toBe(texts.lines.length)
    encodings.forEach((expected, i) => {
      const line = texts.lines[i]!
      const encoding = tokenizer.encode(line)
      const what = `line ${i}: ${JSON.stringify(line)}`
      expect(encoding.ids, what).toEqual(expected.ids)
      expect([...tokenizer.encodeIds(line).ids], what).toEqual(expected.ids)
      expect(encoding.tokens, what).toEqual(expected.tokens)
      expect(codePointOffsets(line, encoding.offsets).flat(), what).toEqual(expected.offsets)
      expect(tokenizer.decode(expected.ids), what).toBe(expected.decoded)
    })
  })

  test('pairs and truncation', async () => {
    const tokenizer = await loadTokenizer(join(golden, name))
    const { settings } = read(name, 'pairs.json') as { settings: PairSetting[] }
    for (const { max_length, truncation, encodings } of settings) {
      const options = {
        ...(max_length !== null && { maxLength: max_length }),
        ...(truncation !== null && { truncation }),
      }
      for (const expected of encodings) {
        const [a, b] = texts.pairs[expected.pair]!
        const what = JSON.stringify({ max_length, truncation, pair: expected.pair })
        if (!expected.ids) {
          expect(() => tokenizer.encode(a, b, options), what).toThrow(/too short|needs a second/)
          continue
        }
        const isReal = (_: number, i: number) => expected.attention_mask[i] === 1
        const encoding = tokenizer.encode(a, b, options)
        expect(encoding.ids, what).toEqual(expected.ids.filter(isReal))
        expect(encoding.typeIds, what).toEqual(expected.type_ids.filter(isReal))
        expect(encoding.specialTokensMask, what).toEqual(expected.special_tokens_mask.filter(isReal))
      }
    }
  })

  test('our trainer learns the same vocabulary and merges', async () => {
    const { json } = (await loadTokenizer(join(golden, name))).parts
    const file = json as {
      normalizer: unknown
      pre_tokenizer: unknown
      added_tokens: AddedToken[]
      model: { type: string; vocab: Record<string, number>; merges?: [string, string][] }
    }
    const corpus = readFileSync(join(golden, 'corpus.txt'), 'utf8').split('\n').filter(Boolean)
    const isWordPiece = file.model.type === 'WordPiece'
    const continuing = Object.keys(file.model.vocab).filter((token) => /^##.$/su.test(token))
    const words = await countWords(
      corpus,
      file.normalizer === null ? null : buildNormalizer(file.normalizer),
      buildPreTokenizer(file.pre_tokenizer),
      {},
    )
    const learned = await learnMerges(words, {
      vocab_size: Object.keys(file.model.vocab).length,
      min_frequency: 0,
      limit_alphabet: null,
      initial_alphabet: isWordPiece ? [] : CHAR_OF_BYTE,
      special_tokens: [
        ...file.added_tokens.map((token) => token.content),
        // The reference numbers these in the order of a hash map; its script names them beforehand.
        ...(isWordPiece ? continuing.sort((a, b) => file.model.vocab[a]! - file.model.vocab[b]!) : []),
      ],
      continuing_subword_prefix: isWordPiece ? '##' : '',
    })
    expect(Object.fromEntries(learned.vocab)).toEqual(file.model.vocab)
    if (!isWordPiece) expect(learned.merges).toEqual(file.model.merges)
  })
})
