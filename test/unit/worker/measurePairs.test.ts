/** Two runs on the same rows: how rows are paired, and that the tests judge the figures an evaluation tells. */
import { describe, expect, it } from 'vitest'
import type { AnsweredRow } from '../../../src/main/data/examples/openExamples'
import { RandomStream } from '../../../src/main/engine/random/stream'
import { multiLabelScores } from '../../../src/main/metrics/multiLabel'
import { seqevalReport } from '../../../src/main/metrics/tagging/seqeval'
import { labelMetrics } from '../../../src/main/worker/run/metrics'
import { measurePairs, pairRows, type Pair } from '../../../src/main/worker/examples/measurePairs'
import type { Measured } from '../../../src/shared/domain/significance'

const random = new RandomStream(11)
const LABELS = ['a', 'b', 'c']

function row(content: string, answers: AnsweredRow['answers'], loss = 1): AnsweredRow {
  const right = answers.filter(({ label, predicted }) => label === predicted).length
  return { content, answers, loss, shareRight: answers.length === 0 ? 1 : right / answers.length }
}

/** Answers that are true with a chance of `skill`. */
function guess(truth: string, skill: number): string {
  return random.uniform() < skill ? truth : LABELS[random.below(3)]!
}

const byMetric = (measured: readonly Measured[]) => new Map(measured.map((one) => [one.metric, one]))

describe('rows of two runs', () => {
  it('are paired by what they ask, whatever their order', () => {
    const answer = (predicted: string) => [{ label: 'a', predicted }]
    const first = [
      row('x', answer('a')),
      row('y', answer('b')),
      row('x', answer('c')),
      row('only', answer('a')),
    ]
    const second = [
      row('y', answer('a')),
      row('x', answer('b')),
      row('other', answer('a')),
      row('x', answer('a')),
    ]
    const pairs = pairRows('single-label', first, second)
    const said = ({ content, answers }: AnsweredRow) => `${content} ${answers[0]!.predicted}`
    expect(pairs.map(([a, b]) => [said(a), said(b)])).toEqual([
      ['x a', 'x b'],
      ['y b', 'y a'],
      ['x c', 'x a'],
    ])
  })

  it('are left out where one run was asked fewer tokens', () => {
    const tag = { label: 'O', predicted: 'O' }
    expect(pairRows('token-classification', [row('x', [tag, tag])], [row('x', [tag])])).toEqual([])
    // Labels that are neither wanted nor given are no answers.
    expect(pairRows('multi-label', [row('x', [tag])], [row('x', [])])).toHaveLength(1)
  })
})

describe('the figures of two runs', () => {
  it('of one class a row are accuracy, macro F1 and loss', () => {
    const truth = Array.from({ length: 300 }, () => LABELS[random.below(3)]!)
    const answered = (skill: number) =>
      truth.map((label, i) =>
        row(String(i), [{ label, predicted: guess(label, skill) }], random.uniform() / skill),
      )
    const [first, second] = [answered(0.4), answered(0.8)]
    const found = byMetric(measurePairs('single-label', pairRows('single-label', first, second), LABELS))
    const ids = (rows: AnsweredRow[], side: 'label' | 'predicted') =>
      rows.map(({ answers }) => LABELS.indexOf(String(answers[0]![side])))
    for (const [rows, side] of [
      [first, 'first'],
      [second, 'second'],
    ] as const) {
      const metrics = labelMetrics(ids(rows, 'predicted'), ids(rows, 'label'), 3)
      expect(found.get('accuracy')![side]).toBeCloseTo(metrics.accuracy!, 12)
      expect(found.get('f1')![side]).toBeCloseTo(metrics.f1!, 12)
      expect(found.get('loss')![side]).toBeCloseTo(rows.reduce((sum, { loss }) => sum + loss!, 0) / 300, 12)
    }
    expect(found.get('accuracy')).toMatchObject({ test: 'mcnemar', n: { rows: 300 } })
    for (const { pValue, low, high, difference } of found.values()) {
      expect(pValue).toBeLessThan(0.001)
      expect(low < difference && difference < high && low * high > 0).toBe(true)
    }
  })

  it('of several labels are micro and macro F1, as an evaluation tells them', () => {
    const truth = Array.from({ length: 200 }, () => LABELS.map(() => random.below(2)))
    const given = (skill: number) =>
      truth.map((row) => row.map((y) => (random.uniform() < skill ? y : random.below(2))))
    const rows = (answers: number[][]) =>
      truth.map((wanted, i) =>
        row(
          String(i),
          LABELS.flatMap((name, c) =>
            wanted[c] || answers[i]![c]
              ? [{ label: wanted[c] ? name : null, predicted: answers[i]![c] ? name : null }]
              : [],
          ),
        ),
      )
    const [one, other] = [given(0.6), given(0.65)]
    const found = byMetric(
      measurePairs('multi-label', pairRows('multi-label', rows(one), rows(other)), LABELS),
    )
    for (const [answers, side] of [
      [one, 'first'],
      [other, 'second'],
    ] as const) {
      const { f1_micro, f1_macro } = multiLabelScores(truth.flat(), answers.flat(), 3)
      expect(found.get('f1_micro')![side]).toBeCloseTo(f1_micro, 12)
      expect(found.get('f1_macro')![side]).toBeCloseTo(f1_macro, 12)
    }
  })

  it('of tags are the F1 of entities and the share of tokens', () => {
    const TAGS = ['B-X', 'I-X', 'O', 'B-Y']
    const sentence = () => Array.from({ length: 6 }, () => TAGS[random.below(4)]!)
    const truth = Array.from({ length: 150 }, sentence)
    const tagged = (skill: number) =>
      truth.map((tags) => tags.map((tag) => (random.uniform() < skill ? tag : TAGS[random.below(4)]!)))
    const rows = (tags: string[][]) =>
      truth.map((wanted, i) =>
        row(
          String(i),
          wanted.map((label, t) => ({ label, predicted: tags[i]![t]! })),
        ),
      )
    const [one, other] = [tagged(0.5), tagged(0.9)]
    const pairs = pairRows('token-classification', rows(one), rows(other))
    const found = byMetric(measurePairs('token-classification', pairs, TAGS))
    for (const [tags, side] of [
      [one, 'first'],
      [other, 'second'],
    ] as const) {
      const report = seqevalReport(truth, tags)
      expect(found.get('f1')![side]).toBeCloseTo(report.micro.f1, 12)
      expect(found.get('accuracy')![side]).toBeCloseTo(report.accuracy, 12)
    }
    expect(found.get('f1')!.pValue).toBeLessThan(0.001)
  })

  it('do not differ where the answers do not', () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      row(String(i), [{ label: 'O', predicted: i % 2 ? 'O' : 'B-X' }]),
    )
    const pairs: Pair[] = rows.map((one) => [one, one])
    for (const one of measurePairs('token-classification', pairs, ['O', 'B-X']))
      expect([one.difference, one.pValue]).toEqual([0, 1])
    expect(measurePairs('token-classification', [], ['O'])).toEqual([])
  })
})
