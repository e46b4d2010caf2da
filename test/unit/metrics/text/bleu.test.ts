import { describe, expect, it } from 'vitest'
import {
  bleuSignature,
  corpusBleu,
  sentenceBleu,
  type BleuOptions,
  type BleuScore,
} from '../../../../src/main/metrics/text/bleu'
import { BLEU_TOKENIZERS, tokenizeForBleu } from '../../../../src/main/metrics/text/tokenize'
import { trimEnd } from '../../../../src/main/metrics/text/pythonText'
import { byRow, readGolden, type Corpus } from './golden'

interface BleuGolden {
  corpora: Record<string, Corpus>
  tokenized: ({ line: string } & Record<(typeof BLEU_TOKENIZERS)[number], string>)[]
  cases: ({
    corpus: string
    options: BleuOptions
    signature: string
    sentence_scores?: number[]
  } & BleuScore)[]
}

const golden = readGolden('metrics/bleu.json') as BleuGolden

describe('BLEU agrees with sacreBLEU', () => {
  it.each(BLEU_TOKENIZERS)('tokenizer %s', (tokenizer) => {
    for (const { line, ...expected } of golden.tokenized)
      expect(tokenizeForBleu(trimEnd(line), tokenizer)).toEqual(
        expected[tokenizer].split(/\s+/).filter((token) => token !== ''),
      )
  })

  it.each(golden.cases.map((entry) => [entry.corpus, JSON.stringify(entry.options), entry] as const))(
    '%s %s',
    (name, _options, entry) => {
      const corpus = golden.corpora[name]!
      const { counts, totals, precisions, sys_len, ref_len, bp, score, options } = entry
      const ours = corpusBleu(corpus.hypotheses, byRow(corpus), options)
      expect(ours).toMatchObject({ counts, totals, sys_len, ref_len })
      expect(ours.score).toBeCloseTo(score, 9)
      expect(ours.bp).toBeCloseTo(bp, 9)
      for (const [n, precision] of precisions.entries()) expect(ours.precisions[n]).toBeCloseTo(precision, 9)
      expect(bleuSignature(byRow(corpus), options)).toBe(entry.signature)
      for (const [i, expected] of (entry.sentence_scores ?? []).entries())
        expect(sentenceBleu(corpus.hypotheses[i]!, byRow(corpus)[i]!).score).toBeCloseTo(expected, 9)
    },
  )
})

describe('what cannot be scored is refused', () => {
  it.each([
    ['nothing', [], [], 'There is nothing to score.'],
    ['rows that do not pair up', ['a'], [['a'], ['b']], 'There are 1 predictions for 2 references.'],
    ['a row without a reference', ['a', 'b'], [['a'], []], 'A line has no reference.'],
  ])('%s', (_name, hypotheses, references, message) => {
    expect(() => corpusBleu(hypotheses, references)).toThrow(message)
  })
})
