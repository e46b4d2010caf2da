// Estimators, pruning and importances against Optuna 5 (test/golden/tuner/make.py).
import { describe, expect, it } from 'vitest'
import type { Params } from '../../../src/shared/domain/searchSpace'
import { PrunerConfig, SPACE, type Direction, type TrialState } from '../../../src/shared/domain/study'
import type { History, Trial } from '../../../src/main/tuner/history'
import { pedAnova } from '../../../src/main/tuner/importance/pedAnova'
import { ParzenEstimator } from '../../../src/main/tuner/parzen'
import { createPruner } from '../../../src/main/tuner/pruners/registry'
import { splitTrials } from '../../../src/main/tuner/samplers/tpe'
import golden from '../../golden/tuner/golden.json'

interface GoldenTrial {
  number: number
  state: string
  params: Params
  value: number | null
  intermediate: number[][]
}

function trialOf({ number, state, params, value, intermediate }: GoldenTrial): Trial {
  return {
    number,
    state: state as TrialState,
    params,
    value,
    intermediate: new Map(intermediate.map(([step, reported]) => [step!, reported!])),
    rungs: [],
  }
}

function historyOf(study: { direction: string; space: unknown; trials: unknown[] }): History {
  return {
    name: 'golden',
    direction: study.direction as Direction,
    space: SPACE.parse(study.space),
    trials: (study.trials as GoldenTrial[]).map(trialOf),
  }
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-9): void {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) =>
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value))),
  )
}

describe('the Parzen estimator', () => {
  it.each(golden.parzen.map((study, i) => [i, study] as const))('equals Optuna, history %i', (_, study) => {
    const history = historyOf(study)
    const { below, above } = splitTrials(history, history.trials)
    expect(below.map(({ number }) => number)).toEqual(study.below)
    expect(above.map(({ number }) => number)).toEqual(study.above)
    for (const [trials, expected] of [
      [below, study.good],
      [above, study.bad],
    ] as const) {
      const estimator = new ParzenEstimator(
        trials.map(({ params }) => params),
        history.space,
      )
      expectClose(estimator.weights, expected.weights)
      for (const [name, own] of estimator.kernels) {
        const kernels = (expected.kernels as Record<string, Record<string, number[]>>)[name]!
        if (own.kind === 'categorical') expectClose(own.probabilities, kernels['probabilities']!)
        else {
          expectClose(own.mus, kernels['mus']!)
          expectClose(
            own.sigmas.toSorted(),
            [...kernels['sigmas']!].sort((a, b) => a - b),
          )
        }
      }
      expectClose(estimator.logPdf(study.points), expected.logPdf)
    }
  })
})

describe('pruning', () => {
  it.each(golden.pruning.map((table) => [JSON.stringify(table.config), table.direction, table] as const))(
    'decides as Optuna: %s, %s',
    (_, direction, { config, curves, prunedAt }) => {
      const pruner = createPruner(PrunerConfig.parse(config))
      const trials: Trial[] = []
      const history: History = { name: 'golden', space: {}, direction: direction as Direction, trials }
      curves.forEach((curve, number) => {
        const intermediate = new Map<number, number>()
        let rungs: readonly number[] = []
        const trial = (state: TrialState, value: number | null): Trial => ({
          number,
          state,
          params: {},
          value,
          intermediate,
          rungs,
        })
        let stoppedAt = null as number | null
        curve.forEach((value, i) => {
          if (stoppedAt !== null) return
          intermediate.set(i + 1, value ?? NaN)
          const decision = pruner.decide(history, trial('running', null))
          rungs = decision.rungs ?? rungs
          if (decision.prune) stoppedAt = i + 1
        })
        trials.push(
          trial(stoppedAt === null ? 'complete' : 'pruned', stoppedAt === null ? curve.at(-1)! : null),
        )
        expect([number, stoppedAt]).toEqual([number, prunedAt[number]])
      })
    },
  )
})

describe('PED-ANOVA', () => {
  it.each(golden.importances.map((study, i) => [i, study] as const))(
    'equals Optuna, history %i',
    (_, study) => {
      const got = pedAnova(historyOf(study))
      const expected = study.importances as Record<string, number>
      expect(got).toHaveLength(Object.keys(expected).length)
      for (const { parameter, share } of got) expect(share).toBeCloseTo(expected[parameter]!, 9)
    },
  )
})
