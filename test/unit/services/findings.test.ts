import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'
import { SAMPLE_RUN } from '../../../src/shared/domain/sampleRun'
import { findingsOf, type FinishedRun } from '../../../src/main/services/findings'
import { differenceInterval, wilson } from '../../../src/main/services/intervals'

const evaluation = (step: number, accuracy: number) => ({ step, epoch: step / 450, metrics: { accuracy } })

const run: FinishedRun = {
  state: 'completed',
  reason: null,
  config: parseRunConfig(SAMPLE_RUN),
  facts: {
    labels: ['a', 'b'],
    train_rows: 14_399,
    validation_rows: 2_399,
    provider: 'cpu',
    num_threads: 2,
    data_sha256: '',
    tokenizer_sha256: '',
  },
  step: 2_700,
  metrics: { accuracy: 0.81, f1: 0.8 },
  evaluations: [evaluation(450, 0.7), evaluation(2_250, 0.81), evaluation(2_700, 0.805)],
  baselines: [{ name: 'bag of words', metrics: { accuracy: 0.83 } }],
}

const sentences = (changes: Partial<FinishedRun>) =>
  findingsOf({ ...run, ...changes }).map((finding) => finding.sentence)

describe('findings of a finished run', () => {
  it('say how good, against which baseline, what next, each with an action', () => {
    const findings = findingsOf(run)
    expect(findings.map((finding) => finding.action?.kind)).toEqual(['export', 'compare', 'train-again'])
    expect(findings[0]!.sentence).toBe(
      'Accuracy 0.810 [0.794, 0.825], macro F1 0.800 on 2,399 validation rows (95 % interval, Wilson).',
    )
    expect(findings[1]!.sentence).toMatch(/^2\.0 points below the bag of words baseline \(0\.830\), within/)
    expect(findings[2]!.sentence).toMatch(/start from a pretrained folder/)
  })

  it('call a difference real only beyond its interval', () => {
    expect(sentences({ metrics: { accuracy: 0.88 } })[1]).toMatch(/^5\.0 points above .* beyond what chance/)
  })

  it('advise more epochs while the last evaluation is the best', () => {
    const [, , next] = findingsOf({ ...run, evaluations: [evaluation(450, 0.7), evaluation(2_700, 0.81)] })
    expect(next!.action!.set).toEqual({ num_train_epochs: 9, max_steps: -1 })
  })

  it('advise to stop sooner where the best came early', () => {
    const metrics = { accuracy: 0.9 }
    const evaluations = [evaluation(450, 0.9), evaluation(2_700, 0.8)]
    expect(sentences({ metrics, evaluations })[2]).toMatch(/came early \(step 450 of 2,700\)/)
  })

  it('say that nothing was measured', () => {
    expect(sentences({ metrics: {} })).toEqual([expect.stringContaining('Nothing was measured')])
  })

  it('offer a smaller learning rate after a divergence, and nothing after a cancel', () => {
    const reason = 'The loss became NaN at step 7.'
    const [finding] = findingsOf({ ...run, state: 'failed', reason })
    expect([finding!.sentence, finding!.action!.set]).toEqual([
      `${reason} A smaller learning rate usually cures this.`,
      { learning_rate: 3e-4 },
    ])
    expect(findingsOf({ ...run, state: 'cancelled' })).toEqual([])
  })
})

// Published examples: Newcombe 1998, Statistics in Medicine 17:857 (single) and 17:873, table II, method 10 (difference).
describe('intervals', () => {
  it('of a share: 81 of 263', () => {
    const { low, high } = wilson(81 / 263, 263)
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.2553', '0.3662'])
  })

  it.each([
    [9, 3, 10, '0.1705', '0.8090'],
    [6, 2, 7, '0.0582', '0.8062'],
  ])('of a difference: %i and %i of %i', (a, b, n, low, high) => {
    const interval = differenceInterval(a / n, b / n, n)
    expect([interval.low.toFixed(4), interval.high.toFixed(4)]).toEqual([low, high])
  })
})
