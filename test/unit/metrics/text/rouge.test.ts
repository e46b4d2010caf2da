import { describe, expect, it } from 'vitest'
import { porterStem } from '../../../../src/main/metrics/text/porterStemmer'
import {
  corpusRouge,
  RougeScorer,
  rougeSignature,
  type RougeType,
} from '../../../../src/main/metrics/text/rouge'
import { readGolden } from './golden'

type Scores = Record<string, [number, number, number]>
interface RougeGolden {
  cases: { reference: string; prediction: string; plain: Scores; stemmed: Scores }[]
}

const TYPES: RougeType[] = ['rouge1', 'rouge2', 'rouge3', 'rougeL', 'rougeLsum']
const golden = readGolden('metrics/rouge.json') as RougeGolden
const stems = readGolden('stemmer/stems.json') as { stems: Record<string, string> }

describe('ROUGE agrees with rouge_score', () => {
  it.each(golden.cases.map((entry) => [entry.reference, entry.prediction, entry] as const))(
    '%j for %j',
    (reference, prediction, entry) => {
      for (const [key, use_stemmer] of [
        ['plain', false],
        ['stemmed', true],
      ] as const) {
        const scores = new RougeScorer({ rouge_types: TYPES, use_stemmer }).score([reference], prediction)
        for (const type of TYPES) {
          const { precision, recall, fmeasure } = scores.get(type)!
          for (const [i, ours] of [precision, recall, fmeasure].entries())
            expect(ours).toBeCloseTo(entry[key][type]![i]!, 9)
        }
      }
    },
  )

  it('takes the best reference for each type, and the plain mean over rows', () => {
    const rows: [string, string[]][] = [
      ['a b c d', ['a b', 'd c b a']],
      ['x', ['y']],
    ]
    const scores = corpusRouge(
      rows.map(([prediction]) => prediction),
      rows.map(([, references]) => references),
    )
    expect(scores.get('rouge1')!.fmeasure).toBeCloseTo(1 / 2, 12)
    expect(scores.get('rougeL')!.precision).toBeCloseTo(2 / 4 / 2, 12)
    expect(rougeSignature(rows.map(([, references]) => references))).toContain('nrefs:var|stem:no')
  })

  it('refuses an unknown type', () => {
    expect(() => new RougeScorer({ rouge_types: ['rouge0'] })).toThrow('rouge0 is not a ROUGE type.')
  })
})

it('stems as NLTK does', () => {
  const entries = Object.entries(stems.stems)
  expect(entries.length).toBeGreaterThan(1000)
  for (const [word, stem] of entries) expect([word, porterStem(word)]).toEqual([word, stem])
})
