import { describe, expect, it } from 'vitest'
import { leakingTrainRows, leakReport, type ComparedFile } from '../../../src/main/data/overlap/leaks'
import type { Split } from '../../../src/shared/domain/dataset'

const SENTENCE =
  'the quick brown fox jumps over the lazy dog near the old stone bridge while seven grey geese watch it'

function fileOf(rows: readonly (readonly [Split, string])[]): ComparedFile {
  const stored = rows.map(([split, text], ordinal) => ({
    ordinal,
    sourceRow: ordinal + 2,
    split,
    cells: { text },
  }))
  return {
    count: (split) => stored.filter((row) => row.split === split).length,
    iterate: (split) => stored.filter((row) => row.split === split),
  }
}

const FILE = fileOf([
  ['train', 'An apple fell.'],
  ['train', SENTENCE.replace('seven', 'eight')],
  ['train', 'Something else entirely, about boats and harbours in the evening light of June.'],
  [
    'train',
    `Yesterday ${SENTENCE.split(' ').slice(0, 9).join(' ')}; nobody wrote about that in any newspaper here`,
  ],
  ['validation', 'an  APPLE fell.'],
  ['validation', SENTENCE],
  ['test', 'Nothing in common with others.'],
])

describe('leakReport', () => {
  it('counts equal, near and overlapping rows of two splits, each where it belongs', async () => {
    const { pairs, trainRows } = await leakReport(FILE, ['text'])
    expect(trainRows).toBe(3)
    const validation = pairs.find(({ held, against }) => held === 'validation' && against === 'train')!
    expect(validation.rows).toBe(2)
    expect(validation.counts.exact).toBe(1)
    expect(validation.counts.near + validation.counts.close).toBe(1)
    expect(validation.counts.gram8).toBe(1)
    expect(validation.examples[0]).toMatchObject({ kind: 'exact', heldRow: 6, againstRow: 2 })
    for (const { held, counts } of pairs)
      if (held === 'test') expect(Object.values(counts)).toEqual([0, 0, 0, 0, 0])
  })

  it('names the training rows of the kinds asked for alone', async () => {
    const exact = await leakingTrainRows(FILE, ['text'], ['exact'])
    expect([...exact.keys()]).toEqual([0])
    expect(exact.get(0)).toEqual({ kind: 'exact', heldSplit: 'validation', heldRow: 6 })
    const grams = await leakingTrainRows(FILE, ['text'], ['gram8'])
    expect([...grams.keys()].sort()).toEqual([1, 3])
  })

  it('does not pair every row with every other over a phrase that all share', async () => {
    const phrase = 'click here to read the rest of this long story on our site'
    const rows = Array.from(
      { length: 6000 },
      (_, i) =>
        [i % 2 ? 'train' : 'validation', `${i} ${i * 7} words ${i * 13} ${phrase}`] as [Split, string],
    )
    const startMs = performance.now()
    const { pairs } = await leakReport(fileOf(rows), ['text'])
    expect(pairs[0]).toMatchObject({ counts: { gram8: 3000 }, matching: { gram8: 3000 } })
    expect(performance.now() - startMs).toBeLessThan(20_000)
  }, 30_000)

  it('compares an even sample of very many held-out rows, and removes all that leak', async () => {
    const long = (i: number) => `${i} ${'x'.repeat(30_000)}${i}`
    const rows = Array.from(
      { length: 1200 },
      (_, i) => [i < 600 ? 'train' : 'validation', long(i % 600)] as [Split, string],
    )
    const file = fileOf(rows)
    const { pairs } = await leakReport(file, ['text'])
    expect(pairs[0]).toMatchObject({ rows: 300, sampledFrom: 600, counts: { exact: 300 } })
    expect((await leakingTrainRows(file, ['text'], ['exact'])).size).toBe(600)
  })

  it('stops when it is told to', async () => {
    const many = fileOf(
      Array.from({ length: 2000 }, (_, i) => [i % 2 ? 'train' : 'validation', `row ${i}`] as [Split, string]),
    )
    await expect(leakReport(many, ['text'], { signal: AbortSignal.abort() })).rejects.toThrow()
  })
})
