/** What the Tokenize pane shows: tokens with their places, words step by step, figures of a split; and Unigram training. */
import { Tokenizer as Reference } from 'tokenizers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import {
  showTokens,
  showWordSteps,
  tokenizerFacts,
  unknownId,
} from '../../../src/main/engine/tokenize/inspect'
import { tokenizerFiles } from '../../../src/main/engine/tokenize/save'
import { tokenizerStatistics } from '../../../src/main/engine/tokenize/statistics'
import type { Tokenizer } from '../../../src/main/engine/tokenize/tokenizer'
import { trainTokenizer } from '../../../src/main/engine/tokenize/train/trainTokenizer'
import type { TrainTokenizerOptions } from '../../../src/shared/domain/tokenizer'
import { scriptLine, seeded } from './scripts'

vi.setConfig({ testTimeout: 60_000 })

const random = seeded(11)
const corpus = Array.from({ length: 500 }, () => scriptLine(random))
const english = Array.from(
  { length: 300 },
  (_, i) => `the lowest newest widest of ${i % 7} low lower newer rivers`,
)

const KINDS: Record<string, Partial<TrainTokenizerOptions>> = {
  WordPiece: { type: 'WordPiece', vocab_size: 700 },
  'byte-level BPE': { type: 'BPE', vocab_size: 700 },
  'plain BPE': { type: 'BPE', byte_level: false, vocab_size: 900 },
  Unigram: { type: 'Unigram', vocab_size: 900 },
}
const trained = new Map<string, Tokenizer>()
beforeAll(async () => {
  for (const [name, options] of Object.entries(KINDS))
    trained.set(name, await trainTokenizer(corpus, options))
})

describe.each(Object.keys(KINDS))('%s', (name) => {
  test('the saved file gives the same ids in the official library', async () => {
    const tokenizer = trained.get(name)!
    const reference = Reference.fromString(tokenizerFiles(tokenizer, null).get('tokenizer.json')!)
    for (const line of corpus.slice(0, 150))
      expect([...tokenizer.encodeIds(line).ids], line).toEqual((await reference.encode(line)).getIds())
  })

  test('every step list ends in the tokens the word gets', () => {
    const tokenizer = trained.get(name)!
    for (const line of corpus.slice(0, 40)) {
      const plain = tokenizer.encode(line, null, { addSpecialTokens: false })
      const ends = showWordSteps(tokenizer, line).map(({ steps }) => steps.at(-1)!.symbols.length)
      const added = plain.ids.filter((id) => tokenizer.isSpecial(id) && id !== unknownId(tokenizer))
      expect(
        ends.reduce((a, b) => a + b, 0),
        line,
      ).toBe(plain.ids.length - added.length)
    }
  })

  test('own special tokens stay whole', async () => {
    const own = await trainTokenizer(english, { ...KINDS[name], special_tokens: ['[URL]'] })
    const tokens = showTokens(own, 'low [URL] lower', false)
    expect(tokens.filter(({ kind }) => kind === 'special').map(({ token }) => token)).toEqual(['[URL]'])
  })
})

test('the merges of a word come in the order of their ranks', async () => {
  const bpe = await trainTokenizer(english, { type: 'BPE', vocab_size: 300 })
  const [word] = showWordSteps(bpe, 'lowest')
  expect(word!.steps[0]!.symbols).toEqual(['l', 'o', 'w', 'e', 's', 't'])
  const ranks = word!.steps.slice(1).map(({ note }) => Number(/merge (\d+)/.exec(note)![1]))
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
  expect(word!.steps.at(-1)!.symbols.join('')).toBe('lowest')
})

test('places, bytes, unknown tokens and pieces of characters are told', async () => {
  const wordPiece = await trainTokenizer(english, { vocab_size: 200 })
  const [cls, low, unknown, sep] = showTokens(wordPiece, 'low 猫', true)
  expect([cls!.kind, low!.kind, unknown!.kind, sep!.kind]).toEqual(['special', 'text', 'unknown', 'special'])
  expect([low!.offsets, low!.bytes]).toEqual([[0, 3], 3])
  expect([unknown!.offsets, unknown!.bytes]).toEqual([[4, 5], 3])
  const bytes = await trainTokenizer(english, { type: 'BPE', vocab_size: 300 })
  const pieces = showTokens(bytes, '猫', false)
  expect(pieces.map(({ kind, bytes: size }) => [kind, size])).toEqual([
    ['byte', 1],
    ['byte', 1],
    ['byte', 1],
  ])
  expect(tokenizerFacts(bytes).coversEverything).toBe(true)
  expect(tokenizerFacts(wordPiece)).toMatchObject({ type: 'WordPiece', coversEverything: false })
})

test('figures of a split are those of its encodings', async () => {
  const tokenizer = trained.get('WordPiece')!
  const figures = await tokenizerStatistics(tokenizer, corpus, 24)
  const lengths = corpus.map((line) => tokenizer.encode(line).ids.length)
  const plain = corpus.map((line) => tokenizer.encode(line, null, { addSpecialTokens: false }).tokens)
  expect(figures.rows).toBe(500)
  expect(figures.longest).toBe(Math.max(...lengths))
  expect(figures.meanTokens).toBeCloseTo(lengths.reduce((a, b) => a + b, 0) / 500, 10)
  expect(figures.cutRows).toBe(lengths.filter((length) => length > 24).length)
  expect(figures.unknownTokens).toBe(plain.flat().filter((token) => token === '[UNK]').length)
  expect(figures.rowsOfLength.reduce((a, b) => a + b, 0)).toBe(500)
  const [sorted] = [[...lengths].sort((a, b) => a - b)]
  expect(figures.percentile95).toBe(sorted[Math.ceil(0.95 * 500) - 1])
})

test('Unigram keeps every character, has the size asked for, and finds what words share', async () => {
  const unigram = await trainTokenizer(english, { type: 'Unigram', vocab_size: 64 })
  expect(unigram.vocabSize).toBeLessThanOrEqual(64)
  const model = unigram.parts.model.toJson().vocab as [string, number][]
  const pieces = new Map(model.slice(5))
  for (const char of new Set(english.join('').replaceAll(' ', '▁'))) expect(pieces.has(char)).toBe(true)
  expect(pieces.has('▁low')).toBe(true)
  const scores = [...pieces.values()]
  expect(scores).toEqual([...scores].sort((a, b) => b - a))
  expect(unigram.decode(unigram.encodeIds('the lowest rivers').ids)).toBe('the lowest rivers')
})
