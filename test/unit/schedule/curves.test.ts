import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createSchedule, SCHEDULES, warmupSteps } from '../../../src/shared/schedule/registry'
import { LR_SCHEDULERS } from '../../../src/shared/domain/trainingArguments'

interface Curve {
  name: string
  learning_rate: number
  num_warmup_steps?: number
  num_training_steps?: number
  lr_scheduler_kwargs: Record<string, unknown>
  metrics?: number[]
  learning_rates: number[]
}
const golden = JSON.parse(
  readFileSync(new URL('../../golden/schedule/curves.json', import.meta.url), 'utf8'),
) as { by_step: Curve[]; by_metric: Curve[] }

function made(curve: Curve) {
  const context = {
    peak: curve.learning_rate,
    warmupSteps: curve.num_warmup_steps ?? 0,
    totalSteps: curve.num_training_steps ?? 0,
  }
  return createSchedule(curve.name, context, curve.lr_scheduler_kwargs)
}
const title = (curve: Curve) =>
  `${curve.name} ${curve.num_warmup_steps ?? ''}/${curve.num_training_steps ?? ''} ${JSON.stringify(curve.lr_scheduler_kwargs)}`

function expectEqual(actual: number[], expected: number[]) {
  expect(actual).toHaveLength(expected.length)
  actual.forEach((rate, i) => {
    expect(Math.abs(rate - expected[i]!), `step ${i + 1}`).toBeLessThanOrEqual(
      1e-12 * Math.abs(expected[i]!) + 1e-20,
    )
  })
}

describe('learning rates equal Transformers', () => {
  it.each(golden.by_step.map((curve) => [title(curve), curve] as const))('%s', (_, curve) => {
    const schedule = made(curve)
    expectEqual(
      curve.learning_rates.map((_rate, i) => schedule.rate(i)),
      curve.learning_rates,
    )
  })

  it.each(golden.by_metric.map((curve) => [title(curve), curve] as const))('%s', (_, curve) => {
    const schedule = made(curve)
    const rates = curve.metrics!.map((metric) => {
      schedule.onEvaluate(metric)
      return schedule.rate(0)
    })
    expectEqual(rates, curve.learning_rates)
  })

  it('goes on from a saved state', () => {
    for (const curve of golden.by_metric) {
      let schedule = made(curve)
      const rates = curve.metrics!.map((metric) => {
        const next = made(curve)
        next.restore(JSON.parse(JSON.stringify(schedule.state())) as Record<string, unknown>)
        schedule = next
        schedule.onEvaluate(metric)
        return schedule.rate(0)
      })
      expectEqual(rates, curve.learning_rates)
    }
  })
})

describe('the registry', () => {
  it('holds every schedule a run may name, each with words', () => {
    for (const name of LR_SCHEDULERS) expect(SCHEDULES.has(name), name).toBe(true)
    for (const [id, { label, help }] of SCHEDULES)
      expect([id, label, help].every((s) => s.length > 0)).toBe(true)
  })

  it('refuses settings a schedule does not have', () => {
    const context = { peak: 1, warmupSteps: 0, totalSteps: 10 }
    expect(() => createSchedule('linear', context, { num_cycles: 2 })).toThrow(/num_cycles/)
    expect(() => createSchedule('cosine', context, { num_cycles: 'two' })).toThrow(/linear|cosine/)
    expect(() => createSchedule('cosine_with_min_lr', context, {})).toThrow('min_lr')
    expect(() => createSchedule('polynomial', context, { lr_end: 2 })).toThrow('lr_end')
    expect(() => createSchedule('zigzag', context, {})).toThrow('zigzag')
  })

  it('reads warmup_steps below 1 as a share', () => {
    expect([0, 3, 3.7, 0.25, 0.01].map((setting) => warmupSteps(setting, 10))).toEqual([0, 3, 3, 3, 1])
  })
})
