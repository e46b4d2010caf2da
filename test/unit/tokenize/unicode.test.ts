/** Every code point through the classes the reference has: normalized and split as Hugging Face does it. */
import { Tokenizer as Reference } from 'tokenizers'
import { describe, expect, test, vi } from 'vitest'
import { tokenizerFromJson } from '../../../src/main/engine/tokenize/tokenizerJson'
import type { Json } from './oracle'

vi.setConfig({ testTimeout: 60_000 })

const model = {
  type: 'WordPiece',
  unk_token: '[UNK]',
  continuing_subword_prefix: '##',
  max_input_chars_per_word: 100,
  vocab: { '[UNK]': 0 },
}
const empty = { version: '1.0', added_tokens: [], post_processor: null, decoder: null, model }

/** 64 code points a line, each between letters. */
const lines: string[] = []
for (let start = 1; start <= 0x10ffff; start += 64) {
  let line = 'a'
  for (let c = start; c < start + 64 && c <= 0x10ffff; c++)
    if (c < 0xd800 || c > 0xdfff) line += String.fromCodePoint(c) + 'a'
  // The private planes are all alike: their first and last lines will do.
  if (c0(line) < 0xf0000 || start % 0x10000 < 128 || start % 0x10000 > 0xff00) lines.push(line)
}

function c0(line: string): number {
  return line.codePointAt(1) ?? 0
}

describe('normalizers on every code point', () => {
  const bert = {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: true,
    lowercase: true,
  }
  const cases: Json[] = [
    bert,
    ...['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents'].map((type) => ({ type })),
  ]
  test.each(cases.map((json) => [String(json.type), json]))('%s', (_, normalizer) => {
    const json = { ...empty, normalizer, pre_tokenizer: null }
    const ours = tokenizerFromJson(json)
    const reference = Reference.fromString(JSON.stringify(json)).getNormalizer()!
    for (const line of lines) {
      const expected = reference.normalizeString(line)
      if (ours.normalize(line) !== expected) expect(ours.normalize(line), JSON.stringify(line)).toBe(expected)
    }
    expect(lines.length).toBeGreaterThan(10_000)
  })
})

describe('pre-tokenizers on every code point', () => {
  const cases: Json[] = [
    { type: 'BertPreTokenizer' },
    { type: 'Whitespace' },
    { type: 'WhitespaceSplit' },
    { type: 'Digits', individual_digits: true },
  ]
  test.each(cases.map((json) => [String(json.type), json]))('%s', (_, preTokenizer) => {
    const json = { ...empty, normalizer: null, pre_tokenizer: preTokenizer }
    const ours = tokenizerFromJson(json)
    const reference = Reference.fromString(JSON.stringify(json)).getPreTokenizer()!
    for (const line of lines) {
      const expected = reference.preTokenizeString(line).length
      // Every word is unknown here: one token a word.
      const words = ours.encodeIds(line).ids.length
      if (words !== expected) expect(words, JSON.stringify(line)).toBe(expected)
    }
  })
})
