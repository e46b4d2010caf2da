import { describe, expect, it } from 'vitest'
import {
  chrfName,
  chrfSignature,
  corpusChrf,
  sentenceChrf,
  type ChrfOptions,
} from '../../../../src/main/metrics/text/chrf'
import { corpusTer, sentenceTer, terSignature, type TerOptions } from '../../../../src/main/metrics/text/ter'
import { byRow, readGolden, type Corpus } from './golden'

interface Golden<Options> {
  corpora: Record<string, Corpus>
  cases: { corpus: string; options: Options; score: number; signature: string; sentence_scores: number[] }[]
}

const chrf = readGolden('metrics/chrf.json') as Golden<ChrfOptions>
const ter = readGolden('metrics/ter.json') as Golden<TerOptions>

describe('chrF agrees with sacreBLEU', () => {
  it.each(chrf.cases.map((entry) => [entry.corpus, JSON.stringify(entry.options), entry] as const))(
    '%s %s',
    (name, _options, { options, score, signature, sentence_scores }) => {
      const corpus = chrf.corpora[name]!
      const references = byRow(corpus)
      expect(corpusChrf(corpus.hypotheses, references, options)).toBeCloseTo(score, 9)
      expect(chrfSignature(references, options)).toBe(signature)
      for (const [i, expected] of sentence_scores.entries())
        expect(sentenceChrf(corpus.hypotheses[i]!, references[i]!, options)).toBeCloseTo(expected, 9)
    },
  )

  it('is named after its orders', () => {
    expect([chrfName(), chrfName({ word_order: 2 }), chrfName({ beta: 3, word_order: 1 })]).toEqual([
      'chrF2',
      'chrF2++',
      'chrF3+',
    ])
  })
})

describe('TER agrees with sacreBLEU', () => {
  it.each(ter.cases.map((entry) => [entry.corpus, JSON.stringify(entry.options), entry] as const))(
    '%s %s',
    (name, _options, { options, score, signature, sentence_scores }) => {
      const corpus = ter.corpora[name]!
      const references = byRow(corpus)
      expect(corpusTer(corpus.hypotheses, references, options)).toBeCloseTo(score, 9)
      expect(terSignature(references, options)).toBe(signature)
      for (const [i, expected] of sentence_scores.entries())
        expect(sentenceTer(corpus.hypotheses[i]!, references[i]!, options)).toBeCloseTo(expected, 9)
    },
  )
})
