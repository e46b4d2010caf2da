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

  it('stops when it is told to', async () => {
    const many = fileOf(
      Array.from({ length: 2000 }, (_, i) => [i % 2 ? 'train' : 'validation', `row ${i}`] as [Split, string]),
    )
    await expect(leakReport(many, ['text'], { signal: AbortSignal.abort() })).rejects.toThrow()
  })
})
