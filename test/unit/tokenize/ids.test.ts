/** Ids equal to Hugging Face's for every component, on lines of ten scripts. */
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { bertJson, byteLevelJson } from '../../../src/main/engine/tokenize/families'
import { trainTokenizer } from '../../../src/main/engine/tokenize/train/trainTokenizer'
import { both, codePointOffsets, expectEqualIds, type Json } from './oracle'
import { scriptLine, seeded } from './scripts'

vi.setConfig({ testTimeout: 60_000 })

const random = seeded(20261123)
const lines = Array.from({ length: 3000 }, () => scriptLine(random))
const training = Array.from({ length: 2000 }, () => scriptLine(random))

const fewer = lines.slice(0, 400)

let bert: Json
let gpt2: Json
let wordPieceModel: Json
let bpeModel: Json
let unigramModel: Json

beforeAll(async () => {
  const wordPiece = await trainTokenizer(training, { vocab_size: 3000, limit_alphabet: 500 })
  bert = { ...wordPiece.parts.json }
  wordPieceModel = bert.model as Json
  const bpe = await trainTokenizer(training, { type: 'BPE', vocab_size: 2000 })
  gpt2 = { ...bpe.parts.json }
  bpeModel = gpt2.model as Json
  unigramModel = {
    type: 'Unigram',
    unk_id: 0,
    byte_fallback: false,
    vocab: [
      ['<unk>', 0],
      ...Object.keys(wordPieceModel.vocab as Json)
        .filter((token) => !token.startsWith('[') && !token.startsWith('##'))
        .flatMap((token, i) => [
          [token, -8 + ((i * 7) % 13) / 3],
          ['▁' + token, -7 + ((i * 5) % 11) / 3],
        ]),
    ],
  }
})

const withSpecial = (extra: Json[]) => (json: Json) => ({
  ...json,
  added_tokens: [...(json.added_tokens as Json[]), ...extra],
})

describe('whole tokenizers', () => {
  test('BERT, lower case', () => expectEqualIds(both(bert), lines))

  test('BERT, cased, accents kept', async () => {
    const vocab = new Map(Object.entries(wordPieceModel.vocab as Record<string, number>))
    const choices = { lowercase: false, strip_accents: null, handle_chinese_chars: false }
    await expectEqualIds(both(bertJson(vocab, choices)), lines)
  })

  test('GPT-2', () => expectEqualIds(both(gpt2), lines))

  test('RoBERTa, with its mask token and a prefix space', async () => {
    const specials = ['<s>', '<pad>', '</s>', '<unk>', '<mask>']
    const trained = Object.keys(bpeModel.vocab as Json)
    const vocab = new Map([...specials, ...trained].map((token, id) => [token, id]))
    const json = byteLevelJson(vocab, bpeModel.merges as [string, string][], {
      addPrefixSpace: true,
    })
    await expectEqualIds(both(json), [...lines, ...lines.map((line) => `${line}  <mask> ${line}`)])
  })

  test('Unigram with Metaspace', () =>
    expectEqualIds(
      both({
        ...bert,
        normalizer: { type: 'NFKC' },
        pre_tokenizer: metaspace('always'),
        model: unigramModel,
      }),
      lines,
    ))

  test('added tokens: normalized, single word, stripping their neighbours', () =>
    expectEqualIds(
      both(
        withSpecial([
          added(5000, 'the', { single_word: true, normalized: true }),
          added(5001, '<s>', { lstrip: true, rstrip: true, special: true }),
          added(5002, 'added', { normalized: false }),
          added(5003, 'add', { normalized: false }),
        ])(bert),
      ),
      lines,
    ))
})

function added(id: number, content: string, more: Json): Json {
  return {
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: false,
    ...more,
  }
}

function metaspace(prepend_scheme: string, split = true): Json {
  return { type: 'Metaspace', replacement: '▁', prepend_scheme, split }
}

describe('normalizers', () => {
  const cases: Json[] = [
    { type: 'NFC' },
    { type: 'NFD' },
    { type: 'NFKC' },
    { type: 'NFKD' },
    { type: 'Lowercase' },
    { type: 'Strip', strip_left: true, strip_right: true },
    { type: 'Strip', strip_left: true, strip_right: false },
    { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'Lowercase' }, { type: 'StripAccents' }] },
    { type: 'Prepend', prepend: '▁' },
    { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
    { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
    {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: true,
      lowercase: false,
    },
    {
      type: 'BertNormalizer',
      clean_text: false,
      handle_chinese_chars: false,
      strip_accents: false,
      lowercase: true,
    },
  ]
  test.each(cases.map((json) => [JSON.stringify(json), json]))('%s', async (_, normalizer) => {
    await expectEqualIds(both({ ...bert, normalizer }), fewer)
    await expectEqualIds(both({ ...gpt2, normalizer }), fewer)
    const { ours, reference } = both({ ...bert, normalizer })
    for (const line of fewer)
      expect(ours.normalize(line)).toBe(reference.getNormalizer()!.normalizeString(line))
  })
})

describe('pre-tokenizers', () => {
  const llama3 =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
  const behaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']
  const cases: Json[] = [
    { type: 'BertPreTokenizer' },
    { type: 'Whitespace' },
    { type: 'WhitespaceSplit' },
    { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    { type: 'Digits', individual_digits: true },
    { type: 'Digits', individual_digits: false },
    ...behaviors.map((behavior) => ({ type: 'Punctuation', behavior })),
    ...behaviors.map((behavior) => ({
      type: 'Split',
      pattern: { Regex: '\\d|a|\\p{Lu}' },
      behavior,
      invert: false,
    })),
    ...behaviors.map((behavior) => ({ type: 'Split', pattern: { String: '-' }, behavior, invert: true })),
    { type: 'Split', pattern: { Regex: llama3 }, behavior: 'Isolated', invert: false },
    { type: 'Split', pattern: { Regex: llama3 }, behavior: 'Removed', invert: true },
    metaspace('always'),
    metaspace('first'),
    metaspace('never', false),
    {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Whitespace' },
        { type: 'Digits', individual_digits: true },
        { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      ],
    },
  ]
  test.each(cases.map((json) => [JSON.stringify(json), json]))('%s', async (_, pre_tokenizer) => {
    await expectEqualIds(both({ ...gpt2, pre_tokenizer, normalizer: null }), fewer)
    await expectEqualIds(both({ ...bert, pre_tokenizer }), fewer)
  })
})

describe('models', () => {
  const base = { type: 'BPE', dropout: null, continuing_subword_prefix: null, end_of_word_suffix: null }
  const variants: Json[] = [
    { fuse_unk: false, byte_fallback: false, ignore_merges: false, unk_token: null },
    { fuse_unk: true, byte_fallback: false, ignore_merges: false, unk_token: '<|endoftext|>' },
    { fuse_unk: false, byte_fallback: true, ignore_merges: true, unk_token: '<|endoftext|>' },
  ]
  test.each(variants.map((json) => [JSON.stringify(json), json]))('character BPE %s', async (_, variant) => {
    const plain = Object.keys(bpeModel.vocab as Json).filter((token) => /^[\p{L}<|>]+$/u.test(token))
    const bytes = Array.from(
      { length: 256 },
      (__, b) => `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`,
    )
    const tokens = [...plain, ...(variant.byte_fallback ? bytes : [])]
    const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]))
    const merges = (bpeModel.merges as [string, string][])
      .filter((pair) => [...pair, pair.join('')].every((token) => Object.hasOwn(vocab, token)))
      .map((pair) => (variant.ignore_merges ? pair : pair.join(' ')))
    const model = { ...base, ...variant, vocab, merges }
    const json = {
      ...gpt2,
      added_tokens: [],
      post_processor: null,
      pre_tokenizer: { type: 'WhitespaceSplit' },
      model,
    }
    await expectEqualIds(both(json), [
      ...lines,
      'x'.repeat(300),
      lines.join('').replaceAll(' ', '').slice(0, 4000),
    ])
  })

  test('Unigram with byte fallback', async () => {
    const bytes = Array.from({ length: 256 }, (_, b) => [
      `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`,
      -20,
    ])
    const model = {
      ...unigramModel,
      byte_fallback: true,
      vocab: [...(unigramModel.vocab as unknown[]), ...bytes],
    }
    const json = {
      ...bert,
      added_tokens: [],
      post_processor: null,
      normalizer: null,
      pre_tokenizer: metaspace('first'),
      model,
    }
    await expectEqualIds(both(json), fewer)
  })
})

describe('offsets, decoding', () => {
  test('offsets on text without combining marks', async () => {
    const texts = [
      'Hello, World! Straße café naïve 北京 is big.',
      '  leading and   trailing spaces  ',
      'emoji 😀 and 👩 here',
      'ΑΒΓ [MASK] déjà vu',
      'İstanbul ﬁne',
    ]
    for (const json of [bert, gpt2]) {
      const { ours, reference } = both(json)
      for (const text of texts) {
        const encoding = ours.encode(text)
        const expected = await reference.encode(text)
        expect(codePointOffsets(text, encoding.offsets), text).toEqual(expected.getOffsets())
        expect(encoding.wordIds.map((id) => id ?? undefined)).toEqual(
          expected.getWordIds().map((id) => id ?? undefined),
        )
      }
    }
  })

  test('decoding', async () => {
    const decoders: [Json, Json][] = [
      [bert, bert.decoder as Json],
      [gpt2, gpt2.decoder as Json],
      [gpt2, { type: 'BPEDecoder', suffix: 'e' }],
      [gpt2, metaspace('always')],
      [
        gpt2,
        {
          type: 'Sequence',
          decoders: [
            { type: 'ByteFallback' },
            { type: 'Fuse' },
            { type: 'Strip', content: 'a', start: 1, stop: 0 },
          ],
        },
      ],
      [gpt2, { type: 'Replace', pattern: { String: 'Ġ' }, content: ' ' }],
    ]
    for (const [json, decoder] of decoders) {
      const { ours, reference } = both({ ...json, decoder })
      for (const line of lines.slice(0, 300)) {
        const ids = (await reference.encode(line)).getIds()
        if (ids.length === 0) continue
        for (const skipSpecialTokens of [true, false]) {
          expect(ours.decode(ids, { skipSpecialTokens })).toBe(await reference.decode(ids, skipSpecialTokens))
        }
      }
    }
  })
})
