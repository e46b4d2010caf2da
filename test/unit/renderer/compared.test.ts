/** Compared runs: their curves over one axis, and what tells them apart as axes. */
import { describe, expect, it } from 'vitest'
import type { RunDetail } from '../../../src/shared/domain/run'
import { valuesAt, type LineSeries } from '../../../src/renderer/src/components/charts/series'
import { curvesOf } from '../../../src/renderer/src/curves/live'
import { brushed, comparedAxes } from '../../../src/renderer/src/panes/runs/comparedAxes'
import {
  comparedSeries,
  curvesOfRuns,
  withoutOutliers,
} from '../../../src/renderer/src/panes/runs/comparedCurves'

function detail(seed: number, rate: number, accuracy: number | null, optim = 'adamw_torch'): RunDetail {
  const metrics = accuracy === null ? null : { accuracy, loss: 1 - accuracy }
  return {
    id: `r${seed}`,
    name: `run ${seed}`,
    problem: 'single-label',
    step: 100,
    epoch: 2,
    totalSteps: 100,
    bestEval: metrics,
    lastEval: metrics,
    evaluations: metrics ? [{ step: 50, epoch: 1, metrics }] : [],
    config: {
      seed,
      learning_rate: rate,
      optim,
      run_name: `run ${seed}`,
      per_device_train_batch_size: 8,
      gradient_accumulation_steps: 1,
    },
  } as unknown as RunDetail
}

const logged = (values: number[]) =>
  curvesOf([{ name: 'loss', steps: values.map((_, i) => (i + 1) * 10), values }])
const line = (x: number[], y: number[]): LineSeries => ({ label: 'A', token: '--series-1', x, y })

describe('curves of several runs', () => {
  const runs = [
    { detail: detail(1, 1e-3, 0.8), curves: logged([3, 2, 1]) },
    { detail: detail(2, 1e-4, null), curves: logged([]) },
  ]

  it('are those that any run has; a run without one keeps its letter and an empty line', () => {
    expect(curvesOfRuns(runs).map(({ name }) => name)).toEqual([
      'loss',
      'eval_accuracy',
      'eval_loss',
      'grad_norm',
      'learning_rate',
      'samples_per_second',
      'tokens_per_second',
    ])
    const [loss, accuracy] = curvesOfRuns(runs)
    const byStep = comparedSeries(runs, loss!, 'step', 0)
    expect(byStep.map(({ label, y }) => [label, y])).toEqual([
      ['A', [3, 2, 1]],
      ['B', []],
    ])
    expect(comparedSeries(runs, loss!, 'epoch', 0)[0]!.x).toEqual([0.2, 0.4, 0.6])
    expect(comparedSeries(runs, accuracy!, 'step', 0.9)[0]).toMatchObject({ x: [50], y: [0.8] })
  })

  it('say at a place what the nearest point says, and nothing beyond their ends', () => {
    const lines = [line([0, 10, 20], [1, 2, 3]), line([15], [9]), line([], [])]
    expect(valuesAt(lines, 14)).toEqual([2, null, null])
    expect(valuesAt(lines, 15)).toEqual([2, 9, null])
    expect(valuesAt(lines, 21)).toEqual([null, null, null])
  })

  it('keep to the middle of the values without outliers, and say where there are none', () => {
    const steady = Array.from({ length: 200 }, (_, i) => i / 200)
    const range = withoutOutliers([line([...steady.keys(), 200], [...steady, 1000])])!
    expect(range.high).toBeLessThan(2)
    expect(range.low).toBeLessThan(0.01)
    expect(withoutOutliers([line([1, 2], [1, 2])])).toBeNull()
  })
})

describe('axes of compared runs', () => {
  const runs = [detail(1, 1e-5, 0.8), detail(2, 1e-3, 0.9, 'lion'), detail(3, 1e-4, null, 'lion')]
  const axes = comparedAxes(runs)
  const named = (name: string) => axes.find((axis) => axis.name === name)!

  it('leave out what is the same and what names a run', () => {
    expect(axes.map(({ name }) => name)).toEqual([
      'seed',
      'learning_rate',
      'optim',
      'eval_accuracy',
      'eval_loss',
    ])
  })

  it('are logarithmic over two decades, evenly apart for names, and empty where nothing was measured', () => {
    const places = named('learning_rate').places as number[]
    expect(places[0]).toBe(0)
    expect(places[1]).toBe(1)
    expect(places[2]).toBeCloseTo(0.5, 12)
    expect(named('optim').places).toEqual([0, 1, 1])
    expect(named('eval_accuracy').places).toEqual([0, 1, null])
    expect(named('learning_rate').ticks.map(([, text]) => text)).toEqual(['1e-5', '1e-4', '1e-3'])
  })

  it('keep by a brush the runs that pass in it, those without a value in none', () => {
    expect(brushed(axes, {}, 3)).toEqual([true, true, true])
    expect(brushed(axes, { learning_rate: [0.4, 1] }, 3)).toEqual([false, true, true])
    expect(brushed(axes, { learning_rate: [0.4, 1], eval_accuracy: [0, 1] }, 3)).toEqual([false, true, false])
  })
})
