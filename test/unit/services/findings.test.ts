import { describe, expect, it } from 'vitest'
import type { EvalMetrics } from '../../../src/shared/domain/run'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'
import { SAMPLE_RUN } from '../../../src/shared/domain/sampleRun'
import { findingsOf, type FinishedRun } from '../../../src/main/services/findings'
import { pairedDifference, wilson } from '../../../src/main/metrics/significance/intervals'

const evaluation = (step: number, accuracy: number) => ({ step, epoch: step / 450, metrics: { accuracy } })

const run: FinishedRun = {
  state: 'completed',
  reason: null,
  config: parseRunConfig({
    ...SAMPLE_RUN,
    model: { architecture: 'bert' },
    num_train_epochs: 4,
    learning_rate: 1e-3,
  }),
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
  baselines: [
    { name: 'majority', metrics: { accuracy: 0.2 } },
    {
      name: 'bag of words',
      metrics: { accuracy: 0.83, only_model_right: 150, only_baseline_right: 198, mcnemar_p: 0.0118 },
    },
  ],
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
    expect(findings[1]!.sentence).toBe(
      '2.0 points below the bag of words baseline (0.830), more than chance explains ' +
        '(95 % interval −3.5 to −0.5 points; McNemar’s exact test, p = 0.012).',
    )
    expect(findings[2]!.sentence).toMatch(/start from the starter encoder/)
  })

  it('call a difference chance where the test says so, and nothing where there was none', () => {
    const metrics = { accuracy: 0.8, only_model_right: 20, only_baseline_right: 12, mcnemar_p: 0.215 }
    expect(sentences({ baselines: [{ name: 'words', metrics }] })[1]).toMatch(
      /^1\.0 points above .* no more than chance/,
    )
    expect(sentences({ baselines: [{ name: 'words', metrics: { accuracy: 0.8 } }] })[1]).toBe(
      '1.0 points above the words baseline (0.800).',
    )
  })

  it('advise more epochs while the last evaluation is the best', () => {
    const [, , next] = findingsOf({ ...run, evaluations: [evaluation(450, 0.7), evaluation(2_700, 0.81)] })
    expect(next!.action!.set).toEqual({ num_train_epochs: 6, max_steps: -1 })
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

// Published: Newcombe 1998, Statistics in Medicine 17:857; Agresti, Categorical Data Analysis, table 10.1 (150 and 86
// discordant of 1,600: 0.04 ± 1.96 × 0.0095; Agresti and Min's shift changes the third digit).
describe('intervals', () => {
  it('of a share: 81 of 263', () => {
    const { low, high } = wilson(81 / 263, 263)
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.2553', '0.3662'])
  })

  it('of a difference on the same rows', () => {
    const { low, high } = pairedDifference(150, 86, 1_600)
    expect([low.toFixed(3), high.toFixed(3)]).toEqual(['0.021', '0.059'])
  })

  it('judge each task by its own figure, less error being better', () => {
    const of = (settings: object, metrics: EvalMetrics, baseline: EvalMetrics) =>
      sentences({
        config: { ...run.config, ...settings },
        metrics,
        evaluations: [],
        baselines: [{ name: 'trivial', metrics: baseline }],
      })
    const squared = of({ problem_type: 'regression' }, { mse: 0.25, r2: 0.5 }, { mse: 0.5, r2: 0 })
    expect(squared.slice(0, 2)).toEqual([
      'MSE 0.250, R² 0.500 on 2,399 validation rows.',
      'MSE 0.250 against 0.500 of the trivial baseline, 50 % less.',
    ])
    const tags = of({ task: 'token-classification' }, { f1: 0.9, accuracy: 0.97 }, { f1: 0.6, accuracy: 0.9 })
    expect(tags.slice(0, 2)).toEqual([
      'Entity F1 0.900, token accuracy 0.970 on 2,399 validation rows.',
      '30.0 points above the trivial baseline (0.600).',
    ])
    const masked = of({ task: 'masked-lm' }, { pseudo_perplexity: 12 }, { pseudo_perplexity: 600 })
    expect(masked[1]).toBe('Pseudo-perplexity 12.000 against 600.0 of the trivial baseline, 98 % less.')
  })
})
