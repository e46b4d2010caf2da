import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dueAfterEpoch, dueAfterStep, Selection } from '../../../../src/main/engine/train/flow'
import { checkRunConfig, type RunConfig } from '../../../../src/shared/domain/runConfig'

function config(settings: Record<string, unknown>): RunConfig {
  const raw = { task: 'sequence-classification', model: 'm', dataset: { train: 't' }, ...settings }
  const checked = checkRunConfig(raw)
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems))
  return checked.config
}

/** Steps of a run of ten in which something is due. */
function dueSteps(what: 'log' | 'evaluate' | 'save', settings: Record<string, unknown>): number[] {
  const c = config(settings)
  return Array.from({ length: 10 }, (_, i) => i + 1).filter((step) => dueAfterStep(c, step, 10)[what])
}

describe('what is due after a step, as in DefaultFlowCallback', () => {
  it('logs every logging_steps and, if asked, the first', () => {
    expect(dueSteps('log', { logging_steps: 4 })).toEqual([4, 8])
    expect(dueSteps('log', { logging_steps: 4, logging_first_step: true })).toEqual([1, 4, 8])
    expect(dueSteps('log', { logging_strategy: 'epoch', logging_steps: 4 })).toEqual([])
    expect(dueSteps('log', { logging_strategy: 'no', logging_steps: 4 })).toEqual([])
  })

  it('evaluates every eval_steps, after the delay, and at the end', () => {
    expect(dueSteps('evaluate', { eval_strategy: 'steps', eval_steps: 3 })).toEqual([3, 6, 9, 10])
    expect(dueSteps('evaluate', { eval_strategy: 'steps', eval_steps: 5 })).toEqual([5, 10])
    expect(dueSteps('evaluate', { eval_strategy: 'steps', eval_steps: 3, eval_delay: 5 })).toEqual([6, 9, 10])
    expect(dueSteps('evaluate', { eval_strategy: 'steps', logging_steps: 4 })).toEqual([4, 8, 10])
    expect(dueSteps('evaluate', { eval_strategy: 'epoch', eval_steps: 3 })).toEqual([])
  })

  it('saves every save_steps and at the end', () => {
    expect(dueSteps('save', { save_steps: 4 })).toEqual([4, 8, 10])
    expect(dueSteps('save', { save_strategy: 'no', save_steps: 4 })).toEqual([])
  })

  it('knows what an epoch brings', () => {
    const c = config({
      eval_strategy: 'epoch',
      save_strategy: 'epoch',
      logging_strategy: 'epoch',
      eval_delay: 2,
    })
    expect(dueAfterEpoch(c, 1)).toEqual({ log: true, evaluate: false, save: true })
    expect(dueAfterEpoch(c, 2)).toEqual({ log: true, evaluate: true, save: true })
  })
})

interface StoppingCase {
  name: string
  greater_is_better: boolean
  early_stopping_patience: number
  early_stopping_threshold: number
  metrics: (number | null)[]
  evaluations: number
  best_evaluation: number
}

describe('early stopping and the best evaluation, as in Transformers', () => {
  const file = new URL('../../../golden/stopping/stopping.json', import.meta.url)
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: StoppingCase[] }

  it.each(cases.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const selection = new Selection(
      config({
        metric_for_best_model: 'score',
        greater_is_better: c.greater_is_better,
        early_stopping_patience: c.early_stopping_patience,
        early_stopping_threshold: c.early_stopping_threshold,
        load_best_model_at_end: true,
        eval_strategy: 'epoch',
        save_strategy: 'epoch',
      }),
    )
    let evaluations = 0
    for (const metric of c.metrics) {
      evaluations++
      if (selection.observe({ score: metric ?? NaN }, evaluations).shouldStop) break
    }
    expect(evaluations).toBe(c.evaluations)
    expect(selection.state.best?.step).toBe(c.best_evaluation)
  })

  it('names the metrics there are where the wanted one is missing', () => {
    const selection = new Selection(config({ metric_for_best_model: 'f1' }))
    expect(() => selection.observe({ loss: 1, accuracy: 0.5 }, 1)).toThrow('gives no f1')
  })
})
