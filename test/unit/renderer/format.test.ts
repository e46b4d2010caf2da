import { describe, expect, it } from 'vitest'
import { metricLabel } from '../../../src/shared/domain/metricNames'
import type { EvalMetrics } from '../../../src/shared/domain/run'
import type { Problem } from '../../../src/shared/domain/tasks'
import { formatBytes } from '../../../src/renderer/src/format/bytes'
import { formatClock, formatWhen } from '../../../src/renderer/src/format/date'
import { formatDuration, formatTimeLeft } from '../../../src/renderer/src/format/duration'
import { formatDifference, formatMetric, headline, isError } from '../../../src/renderer/src/format/metric'
import {
  formatCount,
  formatLearningRate,
  formatParameters,
  formatPercent,
  formatPoints,
  formatRate,
  formatReal,
  formatScore,
  formatSetting,
  formatTick,
  plural,
} from '../../../src/renderer/src/format/number'

describe('numbers', () => {
  it('groups counts and uses a true minus', () => {
    expect([2399, 0, -12345, 999.6].map(formatCount)).toEqual(['2,399', '0', '−12,345', '1,000'])
  })

  it('shows what is missing as an en dash', () => {
    const missing = [null, undefined, Number.NaN]
    for (const format of [formatCount, formatScore, formatReal, formatRate, formatPercent, formatPoints])
      expect(missing.map((value) => format(value))).toEqual(['–', '–', '–'])
  })

  it('gives scores three places', () => {
    expect([0.8364, 1, 0].map(formatScore)).toEqual(['0.836', '1.000', '0.000'])
  })

  it('keeps small and huge losses readable', () => {
    expect([0.846, 41.7, 123.456, 4.21e-5, -0.5, Infinity].map(formatReal)).toEqual([
      '0.846',
      '41.700',
      '123.5',
      '4.2e-5',
      '−0.500',
      '∞',
    ])
  })

  it('writes settings as Hugging Face does', () => {
    expect([5e-5, 1e-3, 1e-8, 2.5e-4, 0.06, 0.01, 32, 1].map(formatSetting)).toEqual([
      '5e-5',
      '1e-3',
      '1e-8',
      '2.5e-4',
      '0.06',
      '0.01',
      '32',
      '1',
    ])
    expect([null, '', true, false, 'cosine', { a: 1 }].map(formatSetting)).toEqual([
      'none',
      'none',
      'on',
      'off',
      'cosine',
      '{"a":1}',
    ])
  })

  it('keeps ticks short and exact', () => {
    expect([0, 1e-3, 0.1 + 0.2, 2.5, 3600, 0.0004 * 3 - 0.0004].map(formatTick)).toEqual([
      '0',
      '1e-3',
      '0.3',
      '2.5',
      '3,600',
      '8e-4',
    ])
  })

  it('writes rates, learning rates, percentages, points and parameters', () => {
    expect([612.4, 41.26, 0.873].map(formatRate)).toEqual(['612', '41.3', '0.87'])
    expect([4.2e-4, 1e-3, 0].map(formatLearningRate)).toEqual(['4.2e-4', '1e-3', '0'])
    expect(formatPercent(0.2169)).toBe('21.7 %')
    expect([0.018, -0.005, 0].map(formatPoints)).toEqual(['+1.8 points', '−0.5 points', '0.0 points'])
    expect([1_530_000, 22_700_000, 840_000, 12].map(formatParameters)).toEqual([
      '1.53 M',
      '22.7 M',
      '840 k',
      '12',
    ])
  })

  it('agrees in number', () => {
    expect([plural(1, 'row'), plural(2399, 'row'), plural(0, 'entry', 'entries')]).toEqual([
      '1 row',
      '2,399 rows',
      '0 entries',
    ])
  })
})

describe('times and sizes', () => {
  it('chooses the unit and never shows 60 of one', () => {
    expect(
      [
        52, 0.44, 949, 1320, 9940, 49_000, 59_600, 76_000, 120_000, 1_680_000, 3_599_000, 7_500_000,
        273_600_000,
      ].map(formatDuration),
    ).toEqual([
      '52 ms',
      '0.44 ms',
      '949 ms',
      '1.32 s',
      '9.94 s',
      '49 s',
      '1 min',
      '1 min 16 s',
      '2 min',
      '28 min',
      '1 h',
      '2 h 5 min',
      '3 d 4 h',
    ])
  })

  it('moves time left in whole seconds', () => {
    expect([0.4, 7.6, 59.6, 76.2, null].map(formatTimeLeft)).toEqual([
      'under 1 s',
      '8 s',
      '1 min',
      '1 min 16 s',
      '–',
    ])
  })

  it('counts bytes in powers of ten', () => {
    expect([812, 6_130_000, 18_400_000, 251e6, 999_600, 25.2e9, null].map(formatBytes)).toEqual([
      '812 B',
      '6.13 MB',
      '18.4 MB',
      '251 MB',
      '1.00 MB',
      '25.2 GB',
      '–',
    ])
  })

  it('shortens a moment by its distance', () => {
    const now = new Date(2026, 10, 23, 18, 0, 0).getTime()
    const at = (...parts: [number, number, number, number, number]): number =>
      new Date(...parts, 11).getTime()
    expect(formatWhen(at(2026, 10, 23, 15, 4), now)).toBe('15:04')
    expect(formatWhen(at(2026, 10, 21, 15, 4), now)).toBe('21 Nov')
    expect(formatWhen(at(2025, 10, 21, 15, 4), now)).toBe('21 Nov 2025')
    expect(formatClock(at(2026, 10, 23, 15, 4))).toBe('15:04:11')
  })
})

describe('evaluation figures', () => {
  it('judges a run by the figure of its problem, else its first score, else its loss', () => {
    const name = (metrics: EvalMetrics | null, problem: Problem) => headline(metrics, problem)?.name
    expect(headline({ loss: 0.7, accuracy: 0.8, runtime: 1 }, 'single-label')).toEqual({
      name: 'accuracy',
      label: 'accuracy',
      value: 0.8,
    })
    expect(headline({ loss: 0.7, f1: 0.4, accuracy: 0.9 }, 'token-classification')?.label).toBe('entity F1')
    expect(name({ loss: 0.7, mcc: 0.4 }, 'single-label')).toBe('mcc')
    expect(name({ loss: 0.7, samples_per_second: 9 }, 'regression')).toBe('loss')
    expect(headline(null, 'masked-lm')).toBeNull()
  })

  it('writes scores, losses and their differences', () => {
    expect(formatMetric('accuracy', 0.8)).toBe('0.800')
    expect(formatMetric('loss', 0.00042)).toBe('4.2e-4')
    expect(formatMetric('samples_per_second', 1843)).toBe('1,843')
    expect(formatDifference('accuracy', 0.018)).toBe('+1.8 points')
    expect(formatDifference('loss', -0.077)).toBe('−0.077')
  })

  it('calls figures what they are for the problem', () => {
    expect(metricLabel('f1_macro')).toBe('f1, macro')
    expect(metricLabel('f1', 'token-classification')).toBe('entity F1')
    expect(metricLabel('pseudo_perplexity', 'masked-lm')).toBe('pseudo-perplexity')
    expect(formatMetric('mse', 0.5)).toBe('0.500')
    expect(formatDifference('mse', -0.25)).toBe('−0.250')
    expect([isError('mse'), isError('pseudo_perplexity'), isError('r2')]).toEqual([true, true, false])
  })
})
