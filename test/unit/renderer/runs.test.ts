import { describe, expect, it } from 'vitest'
import type { RunDetail, RunSummary } from '../../../src/shared/domain/run'
import type { RunId } from '../../../src/shared/ids'
import {
  seriesTable,
  describeSeries,
  type LineSeries,
} from '../../../src/renderer/src/components/charts/series'
import { rank } from '../../../src/renderer/src/frame/rank'
import { letter, writtenFigures, writtenSettings } from '../../../src/renderer/src/panes/runs/comparison'

function run(number: number, over: Partial<RunSummary> = {}): RunSummary {
  return {
    id: `r${number}` as RunId,
    number,
    name: `run ${number}`,
    state: 'completed',
    reason: null,
    problem: 'single-label',
    datasetName: 'semantic fields',
    modelName: 'bert 2 × 128',
    createdAtMs: number,
    startedAtMs: number * 1000,
    endedAtMs: number * 2000,
    step: number,
    totalSteps: 10,
    epoch: 1,
    lastLoss: null,
    lastEval: null,
    bestEval: null,
    samplesPerSecond: null,
    queuedAtMs: 0,
    peakRssBytes: null,
    owner: 'window',
    seed: 42,
    ...over,
  }
}

describe('a comparison', () => {
  const detail = (number: number, accuracy: number, seed: number): RunDetail =>
    ({
      ...run(number, { bestEval: { loss: 1 - accuracy, accuracy } }),
      config: { seed, learning_rate: 1e-3, columns: { text: 'a' } },
    }) as unknown as RunDetail

  it('marks the best by its direction and gives differences of rates in points', () => {
    const figures = writtenFigures([detail(1, 0.8, 1), detail(2, 0.9, 2)])
    expect(figures.slice(0, 2)).toEqual([
      { label: 'accuracy', values: ['0.800', '0.900'], best: [1], difference: '+10.0 points' },
      { label: 'eval_loss', values: ['0.200', '0.100'], best: [1], difference: '−0.100' },
    ])
  })

  it('shows only settings that differ', () => {
    expect(writtenSettings([detail(1, 0.8, 1), detail(2, 0.9, 2)])).toEqual({
      rows: [{ name: 'seed', values: ['1', '2'] }],
      equal: 2,
    })
  })

  it('goes on after Z', () => {
    expect([0, 25, 26, 27].map(letter)).toEqual(['A', 'Z', 'AA', 'AB'])
  })
})

describe('charts in words and as a table', () => {
  const series: LineSeries[] = [
    { label: 'raw', token: '--series-1', x: [1, 2], y: [9, 8], style: 'raw' },
    { label: 'train', token: '--series-1', x: [1, 2, 3], y: [3, 1, 2] },
    { label: 'validation', token: '--series-2', x: [3], y: [4] },
  ]

  it('leaves raw values out and joins series by position', () => {
    expect(seriesTable(series)).toEqual([
      { x: 1, values: [3, null] },
      { x: 2, values: [1, null] },
      { x: 3, values: [2, 4] },
    ])
  })

  it('thins long tables and keeps the last row', () => {
    const x = Array.from({ length: 1000 }, (_, i) => i)
    const rows = seriesTable([{ label: 'a', token: '--series-1', x, y: x }], 100)
    expect(rows.length).toBeLessThanOrEqual(101)
    expect(rows.at(-1)?.x).toBe(999)
  })

  it('says where each series starts, ends and is lowest', () => {
    expect(describeSeries(series, String)).toBe(
      'train: from 3 to 2, lowest 1. validation: from 4 to 4, lowest 4.',
    )
  })
})

describe('the command palette', () => {
  const commands = ['Go to Data', 'Import a file', 'Open dataset imports', 'Pause run']

  it('asks for every word and prefers starts of names', () => {
    expect(rank(commands, 'imp', (c) => c)).toEqual(['Import a file', 'Open dataset imports'])
    expect(rank(commands, 'open imp', (c) => c)).toEqual(['Open dataset imports'])
    expect(rank(commands, 'xyz', (c) => c)).toEqual([])
    expect(rank(commands, '', (c) => c)).toEqual(commands)
  })
})
