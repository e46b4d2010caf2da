import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  seqevalReport,
  seqevalSignature,
  type EntityScores,
  type SeqevalReport,
} from '../../../../src/main/metrics/tagging/seqeval'
import {
  detectScheme,
  strictEntities,
  TAGGING_SCHEMES,
  type TaggingScheme,
} from '../../../../src/main/metrics/tagging/strict'

type Rows = Record<string, Record<keyof EntityScores, number | null>>
type Answer = { report: Rows } | { error: string }
interface Case {
  name: string
  references: string[][]
  predictions: string[][]
  accuracy: number
  auto_detected_scheme: TaggingScheme | null
  lenient: Answer
  strict: Record<TaggingScheme, Answer & { reference_entities: [string, number, number][][] | null }>
}

const url = new URL('../../../golden/metrics/seqeval.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(url, 'utf8')) as { cases: Case[] }

function expectReport(report: SeqevalReport, expected: Rows): void {
  const { types, micro, macro, weighted } = report
  const ours = new Map([
    ...types,
    ['micro avg', micro],
    ['macro avg', macro],
    ['weighted avg', weighted],
  ] as const)
  expect([...ours.keys()]).toEqual(Object.keys(expected))
  for (const [key, row] of Object.entries(expected))
    for (const [field, value] of Object.entries(row)) {
      const actual = ours.get(key)![field as keyof EntityScores]
      if (value === null) expect(actual).toBeNaN()
      else expect(actual).toBeCloseTo(value, 9)
    }
}

describe.each(cases.map((entry) => [entry.name, entry] as const))('seqeval: %s', (_name, entry) => {
  const { references, predictions } = entry

  it('lenient', () => {
    const report = seqevalReport(references, predictions)
    expect(report.accuracy).toBeCloseTo(entry.accuracy, 9)
    expect(entry.lenient).toHaveProperty('report')
    if ('report' in entry.lenient) expectReport(report, entry.lenient.report)
  })

  it('detects the scheme', () => {
    expect(detectScheme(references) ?? null).toBe(entry.auto_detected_scheme)
  })

  it.each(TAGGING_SCHEMES)('strict %s', (scheme) => {
    const expected = entry.strict[scheme]
    const score = () => seqevalReport(references, predictions, { mode: 'strict', scheme })
    if ('error' in expected) expect(score).toThrow(`is not one of ${scheme}`)
    else expectReport(score(), expected.report)
    if (expected.reference_entities)
      expect(
        references.map((tags) =>
          strictEntities(tags, scheme).map(({ type, start, end }) => [type, start, end]),
        ),
      ).toEqual(expected.reference_entities)
  })
})

describe('what cannot be scored is refused', () => {
  it.each([
    ['tags that do not pair up', [['O', 'O']], [['O']], {}, '1 tags are predicted for 2 tokens.'],
    ['an empty tag', [['']], [['O']], {}, 'A tag is empty.'],
    ['an unclear scheme', [['O']], [['O']], { mode: 'strict' }, 'do not tell their scheme'],
  ] as const)('%s', (_name, references, predictions, options, message) => {
    expect(() => seqevalReport(references, predictions, options)).toThrow(message)
  })
})

it('names the reading of the tags', () => {
  expect(seqevalSignature([['B-X']])).toBe('mode:lenient|version:seqeval-1.2.2')
  expect(seqevalSignature([['B-X', 'O']], { mode: 'strict' })).toBe(
    'mode:strict|scheme:IOB2|version:seqeval-1.2.2',
  )
})
