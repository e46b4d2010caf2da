/** Loading, saving, training, encoding whole splits, and what is refused with which sentence. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { Tokenizer as Reference } from 'tokenizers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeRows } from '../../../src/main/engine/tokenize/encodeRows'
import { loadTokenizer, parseMerges } from '../../../src/main/engine/tokenize/load'
import { saveTokenizer } from '../../../src/main/engine/tokenize/save'
import type { Tokenizer } from '../../../src/main/engine/tokenize/tokenizer'
import { tokenizerFromJson } from '../../../src/main/engine/tokenize/tokenizerJson'
import { trainTokenizer } from '../../../src/main/engine/tokenize/train/trainTokenizer'
import { scriptLine, seeded } from './scripts'

vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'tunesmith-tokenizers-'))
afterAll(() => rmSync(folder, { recursive: true }))

const random = seeded(7)
const corpus = Array.from({ length: 800 }, () => scriptLine(random))
let wordPiece: Tokenizer
let bpe: Tokenizer
beforeAll(async () => {
  wordPiece = await trainTokenizer(corpus, { vocab_size: 1200, limit_alphabet: 300 })
  bpe = await trainTokenizer(corpus, { type: 'BPE', vocab_size: 900 })
})

function newFolder(files: Record<string, string>): string {
  const path = mkdtempSync(join(folder, 'case-'))
  mkdirSync(path, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}

describe('saving and loading', () => {
  test.each(['wordPiece', 'bpe'] as const)(
    '%s: the same ids from every form it is saved in',
    async (kind) => {
      const tokenizer = kind === 'bpe' ? bpe : wordPiece
      const path = join(folder, kind)
      await saveTokenizer(tokenizer, path, 128)
      const whole = await loadTokenizer(path)
      const vocabOnly = await loadTokenizer(join(path, kind === 'bpe' ? 'vocab.json' : 'vocab.txt'))
      const reference = Reference.fromFile(join(path, 'tokenizer.json'))
      for (const line of corpus.slice(0, 200)) {
        const ids = [...tokenizer.encodeIds(line).ids]
        expect([...whole.encodeIds(line).ids]).toEqual(ids)
        expect([...vocabOnly.encodeIds(line).ids]).toEqual(ids)
        expect((await reference.encode(line)).getIds()).toEqual(ids)
      }
      expect(whole.specialTokens).toEqual(tokenizer.specialTokens)
      const config = JSON.parse(await readFile(join(path, 'tokenizer_config.json'), 'utf8')) as Record<
        string,
        unknown
      >
      expect(config.model_max_length).toBe(128)
    },
  )

  test('roles of special tokens come from the files beside it', async () => {
    const json = JSON.stringify({ ...wordPiece.parts.json })
    const path = newFolder({
      'tokenizer.json': json,
      'special_tokens_map.json': '{"cls_token":{"content":"[SEP]"},"pad_token":"[MASK]"}',
      'tokenizer_config.json': '{"pad_token":"[UNK]","cls_token":null}',
    })
    const { specialTokens } = await loadTokenizer(path)
    expect(specialTokens).toEqual({ cls: { token: '[SEP]', id: 3 }, pad: { token: '[UNK]', id: 1 } })
  })
})

describe('training', () => {
  test('the vocabulary begins with the special tokens, has the size asked for, and is the same every time', async () => {
    const again = await trainTokenizer([...corpus].reverse(), { vocab_size: 1200, limit_alphabet: 300 })
    expect([...again.parts.model.vocab]).toEqual([...wordPiece.parts.model.vocab])
    expect(wordPiece.vocabSize).toBe(1200)
    expect([0, 1, 2, 3, 4].map((id) => wordPiece.idToToken(id))).toEqual([
      '[PAD]',
      '[UNK]',
      '[CLS]',
      '[SEP]',
      '[MASK]',
    ])
  })

  test('byte level: nothing is unknown, and decoding gives any text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(bpe.decode(bpe.encodeIds(text).ids, { skipSpecialTokens: false })).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  test('a limited alphabet leaves rare characters unknown', async () => {
    const tokenizer = await trainTokenizer(['aaa bbb aaa bbb aaa z'], { vocab_size: 64, limit_alphabet: 2 })
    expect(tokenizer.encode('z').tokens).toEqual(['[CLS]', '[UNK]', '[SEP]'])
    expect(tokenizer.encode('aaa').tokens).toEqual(['[CLS]', 'aaa', '[SEP]'])
  })

  test('progress is told, and cancelling stops it', async () => {
    const stages = new Set<string>()
    const stop = new AbortController()
    const training = trainTokenizer(
      Array.from({ length: 5000 }, () => scriptLine(random)),
      { vocab_size: 20_000 },
      {
        signal: stop.signal,
        onProgress(stage) {
          stages.add(stage)
          if (stage === 'Learning merges') stop.abort()
        },
      },
    )
    await expect(training).rejects.toMatchObject({ code: 'cancelled' })
    expect([...stages]).toEqual(['Reading the text', 'Counting words', 'Learning merges'])
  })

  test('no text', async () => {
    await expect(trainTokenizer(['', '  '])).rejects.toMatchObject({ code: 'bad-input' })
  })
})

describe('a whole split', () => {
  test('rows in order, cut rows counted, types only where there are pairs', async () => {
    const texts = corpus.slice(0, 300)
    const told: number[] = []
    const options = { maxLength: 12, onProgress: (done: number) => told.push(done) }
    const single = await encodeRows(wordPiece, texts, null, options)
    expect(single.typeIds).toBeNull()
    expect(told.at(-1)).toBe(300)
    let cut = 0
    texts.forEach((text, row) => {
      const expected = wordPiece.encode(text, null, { maxLength: 12 }).ids
      expect([...single.ids.subarray(single.offsets[row], single.offsets[row + 1])]).toEqual(expected)
      if (wordPiece.encode(text).ids.length > 12) cut++
    })
    expect(single.truncatedRows).toBe(cut)
    const pairs = await encodeRows(wordPiece, texts, [...texts].reverse(), { maxLength: 30 })
    const last = wordPiece.encode(texts[299]!, texts[0], { maxLength: 30 })
    expect([...pairs.ids.subarray(pairs.offsets[299])]).toEqual(last.ids)
    expect([...pairs.typeIds!.subarray(pairs.offsets[299])]).toEqual(last.typeIds)
  })

  test('words that come apart keep their word', () => {
    const { wordIds, tokens } = wordPiece.encodeWords(['New', 'York-based', ''])
    expect(wordIds[0]).toBeNull()
    expect(new Set(wordIds.slice(1, -1))).toEqual(new Set([0, 1]))
    expect(tokens.length).toBe(wordIds.length)
  })

  test('the ids-only way agrees with the way with offsets on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 2, max: 20 }), (text, maxLength) => {
        for (const tokenizer of [wordPiece, bpe]) {
          expect([...tokenizer.encodeIds(text, null, { maxLength }).ids]).toEqual(
            tokenizer.encode(text, null, { maxLength }).ids,
          )
        }
      }),
      { numRuns: 500 },
    )
  })

  test('no room for the special tokens', () => {
    expect(() => wordPiece.encodeIds('text', null, { maxLength: 1 })).toThrow('no room for 2 special tokens')
  })
})

describe('refusals', () => {
  const edited = (change: Record<string, unknown>) => () =>
    tokenizerFromJson({ ...wordPiece.parts.json, ...change })

  test.each([
    [{ normalizer: { type: 'Nmt' } }, 'the normalizer "Nmt", which is not supported'],
    [{ pre_tokenizer: { type: 'Whitespaces' } }, 'the pre_tokenizer "Whitespaces"'],
    [{ model: { type: 'WordLevel', vocab: {} } }, 'the model "WordLevel"'],
    [{ decoder: { type: 'CTC' } }, 'the decoder "CTC"'],
    [{ post_processor: { type: 'Other' } }, 'the post_processor "Other"'],
    [
      { normalizer: { type: 'Prepend' } },
      'The options of the tokenizer\'s normalizer "Prepend" are not valid',
    ],
    [{ model: { type: 'WordPiece', vocab: { a: 'b' } } }, 'vocab is not a map of tokens to ids'],
    [{ model: { type: 'BPE', vocab: { a: 0 }, merges: ['a b'] } }, 'The merge "a b" uses a token'],
    [{ model: { type: 'BPE', vocab: {}, merges: [], dropout: 0.1 } }, 'dropout'],
    [{ model: { type: 'Unigram', vocab: [['a', 0]], unk_id: 3 } }, "unknown token's id 3"],
    [{ added_tokens: [{ id: -1 }] }, 'added_tokens are not valid'],
    [
      { pre_tokenizer: { type: 'Split', pattern: { Regex: 'a++' }, behavior: 'Isolated', invert: false } },
      'cannot be read: a++',
    ],
  ])('%j', (change, message) => {
    expect(edited(change)).toThrow(message)
  })

  test('files that are absent, malformed or no tokenizer, with their name', async () => {
    await expect(loadTokenizer(join(folder, 'absent'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(loadTokenizer(newFolder({ 'x.txt': '' }))).rejects.toThrow('The folder holds no tokenizer.')
    const broken = newFolder({ 'tokenizer.json': '{' })
    await expect(loadTokenizer(broken)).rejects.toMatchObject({
      where: { file: join(broken, 'tokenizer.json') },
    })
    await expect(loadTokenizer(newFolder({ 'tokenizer.json': '{}' }))).rejects.toThrow('it has no "model"')
    await expect(loadTokenizer(newFolder({ 'vocab.json': '{"a":0}' }))).rejects.toThrow(
      'needs its merges.txt',
    )
    expect(() => parseMerges('#version: 0.2\na b\nabc\n', 'merges.txt')).toThrow(
      expect.objectContaining({ where: { file: 'merges.txt', row: 3 } }),
    )
  })
})
