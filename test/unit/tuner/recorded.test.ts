// A grid of 576 real small trainings of the sample (recorded by bench/recordTrainings.ts), replayed: the samplers and
// successive halving against random search at equal budget, over 24 to 60 seeds, with a test of significance.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { SPACE } from '../../../src/shared/domain/study'
import { pedAnova } from '../../../src/main/tuner/importance/pedAnova'
import { bestValue, mannWhitney, runStudy, type Problem } from './study'

const EPOCHS = 6

/** Learning rates lie a quarter of a decade apart: their place in the table is the whole number that is varied. */
const LEARNING_RATES = Array.from({ length: 12 }, (_, i) => Number((1e-4 * 10 ** (i / 4)).toPrecision(3)))
const BATCH_SIZES = [8, 16, 32, 64]

let recorded: Problem

beforeAll(() => {
  const [, ...lines] = readFileSync(join('test', 'fixtures', 'tuner', 'trainings.csv'), 'utf8')
    .trim()
    .split('\n')
  const curves = new Map(
    lines.map((line) => {
      const cells = line.split(',')
      return [cells.slice(0, -EPOCHS).join(','), cells.slice(-EPOCHS).map(Number)]
    }),
  )
  expect(curves.size).toBeGreaterThanOrEqual(500)
  recorded = {
    direction: 'maximize',
    space: SPACE.parse({
      learning_rate: { type: 'int', low: 0, high: LEARNING_RATES.length - 1 },
      batch_size: { type: 'int', low: 0, high: BATCH_SIZES.length - 1 },
      dropout: { type: 'float', low: 0, high: 0.4, step: 0.2 },
      hidden_size: { type: 'categorical', choices: [32, 64] },
      warmup_steps: { type: 'categorical', choices: [0, 0.2] },
    }),
    curve({ learning_rate, batch_size, dropout, hidden_size, warmup_steps }) {
      const key = [
        LEARNING_RATES[learning_rate as number],
        BATCH_SIZES[batch_size as number],
        dropout,
        hidden_size,
        warmup_steps,
      ]
      return curves.get(key.join(','))!
    },
  }
})

/** What each seed's study would give: the accuracy of the best complete trial. */
function best(sampler: string, pruner: unknown, steps: number, seeds: number): number[] {
  return Array.from({ length: seeds }, (_, seed) => {
    const trials = runStudy(recorded, { type: sampler }, seed, { steps }, pruner)
    return -bestValue(trials, recorded.direction)
  })
}

/** The first epoch tells nothing: every curve starts at chance. */
const ASHA = { type: 'successive_halving', min_resource: 2 }
const ALL = { type: 'nop' }

describe('on recorded trainings, at equal epochs', () => {
  it.each([
    ['TPE', 'tpe', ALL, 180, 24],
    ['a Gaussian process', 'gp', ALL, 120, 24],
    ['successive halving of random trials', 'random', ASHA, 180, 60],
    ['TPE with successive halving', 'tpe', ASHA, 180, 24],
  ])(
    '%s beats random search',
    (_, sampler, pruner, steps, seeds) => {
      const p = mannWhitney(best(sampler, pruner, steps, seeds), best('random', ALL, steps, seeds))
      expect(p).toBeLessThan(0.01)
    },
    60_000,
  )
})

it('the learning rate matters most to them', () => {
  const trials = runStudy(recorded, { type: 'random' }, 1, { trials: 200 })
  const [first, second] = pedAnova({ name: '', ...recorded, trials })
  expect(first!.parameter).toBe('learning_rate')
  expect(second!.parameter).toBe('dropout')
})
