/** The ten schedules that depend on the step alone (transformers/optimization.py, 5.23). */
import { z } from 'zod'
import { UserError } from '../errors'
import { afterWarmup, byStep, halfCosine, progress, schedule } from './definition'

const none = z.strictObject({})
const cycles = z.number().positive()

export const constant = schedule({
  id: 'constant',
  label: 'Constant',
  help: 'The same rate throughout; warm-up steps are ignored.',
  params: none,
  create: ({ peak }) => byStep(peak, () => 1),
})

export const constantWithWarmup = schedule({
  id: 'constant_with_warmup',
  label: 'Constant with warm-up',
  help: 'Climbs linearly from 0, then stays.',
  params: none,
  create: ({ peak, warmupSteps }) =>
    byStep(
      peak,
      afterWarmup(warmupSteps, () => 1),
    ),
})

export const linear = schedule({
  id: 'linear',
  label: 'Linear',
  help: 'Falls in a straight line to 0 at the last step.',
  params: none,
  create: ({ peak, warmupSteps, totalSteps }) =>
    byStep(
      peak,
      afterWarmup(warmupSteps, (step) =>
        Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps)),
      ),
    ),
})

export const cosine = schedule({
  id: 'cosine',
  label: 'Cosine',
  help: 'Follows a cosine to 0.',
  params: z.strictObject({ num_cycles: cycles.default(0.5) }),
  create: (context, { num_cycles }) =>
    byStep(
      context.peak,
      afterWarmup(context.warmupSteps, (step) =>
        Math.max(0, halfCosine(num_cycles * 2 * progress(context, step))),
      ),
    ),
})

export const cosineWithRestarts = schedule({
  id: 'cosine_with_restarts',
  label: 'Cosine with restarts',
  help: 'Falls along a cosine to 0 several times, jumping back in between.',
  params: z.strictObject({ num_cycles: cycles.default(1) }),
  create: (context, { num_cycles }) =>
    byStep(
      context.peak,
      afterWarmup(context.warmupSteps, (step) => {
        const done = progress(context, step)
        return done >= 1 ? 0 : Math.max(0, halfCosine((num_cycles * done) % 1))
      }),
    ),
})

export const polynomial = schedule({
  id: 'polynomial',
  label: 'Polynomial',
  help: 'Falls to lr_end as a power of the steps left.',
  params: z.strictObject({ lr_end: z.number().min(0).default(1e-7), power: z.number().default(1) }),
  create: ({ peak, warmupSteps, totalSteps }, { lr_end, power }) => {
    if (peak <= lr_end)
      throw new UserError('bad-config', `lr_end (${lr_end}) must be below the learning rate (${peak}).`, {
        where: { field: 'lr_scheduler_kwargs.lr_end' },
      })
    return byStep(
      peak,
      afterWarmup(warmupSteps, (step) => {
        if (step > totalSteps) return lr_end / peak
        const left = 1 - (step - warmupSteps) / (totalSteps - warmupSteps)
        return ((peak - lr_end) * left ** power + lr_end) / peak
      }),
    )
  },
})

export const inverseSqrt = schedule({
  id: 'inverse_sqrt',
  label: 'Inverse square root',
  help: 'Falls with the square root of the steps done, never to 0.',
  params: z.strictObject({ timescale: z.number().positive().optional() }),
  create: ({ peak, warmupSteps }, { timescale = warmupSteps || 10_000 }) =>
    byStep(
      peak,
      afterWarmup(warmupSteps, (step) => 1 / Math.sqrt((step + timescale - warmupSteps) / timescale)),
    ),
})

const floorParams = {
  num_cycles: cycles.default(0.5),
  min_lr: z.number().min(0).optional(),
  min_lr_rate: z.number().min(0).max(1).optional(),
}

function floorRate(peak: number, params: { min_lr?: number | undefined; min_lr_rate?: number | undefined }) {
  const { min_lr, min_lr_rate } = params
  if ((min_lr === undefined) === (min_lr_rate === undefined))
    throw new UserError('bad-config', 'Exactly one of min_lr and min_lr_rate is needed.', {
      where: { field: 'lr_scheduler_kwargs' },
    })
  return min_lr_rate ?? min_lr! / peak
}

export const cosineWithMinLr = schedule({
  id: 'cosine_with_min_lr',
  label: 'Cosine with a floor',
  help: 'Follows a cosine to min_lr.',
  params: z.strictObject(floorParams),
  create: (context, params) => {
    const floor = floorRate(context.peak, params)
    return byStep(
      context.peak,
      afterWarmup(context.warmupSteps, (step) =>
        Math.max(0, halfCosine(params.num_cycles * 2 * progress(context, step)) * (1 - floor) + floor),
      ),
    )
  },
})

export const cosineWarmupWithMinLr = schedule({
  id: 'cosine_warmup_with_min_lr',
  label: 'Cosine with a floor and its own warm-up',
  help: 'As cosine_with_min_lr; the warm-up starts at warmup_lr_rate, or one step in.',
  params: z.strictObject({ ...floorParams, warmup_lr_rate: z.number().min(0).optional() }),
  create: ({ peak, warmupSteps, totalSteps }, params) => {
    const floor = floorRate(peak, params)
    const start = params.warmup_lr_rate
    return byStep(peak, (step) => {
      if (step < warmupSteps)
        return start === undefined
          ? (step + 1) / Math.max(1, warmupSteps)
          : start + ((1 - start) * step) / Math.max(1, warmupSteps - 1)
      const done = (step - warmupSteps + 1) / Math.max(1, totalSteps - warmupSteps)
      return Math.max(0, halfCosine(params.num_cycles * 2 * done) * (1 - floor) + floor)
    })
  },
})

const shape = z.enum(['linear', 'cosine', '1-sqrt'])

export const warmupStableDecay = schedule({
  id: 'warmup_stable_decay',
  label: 'Warm-up, stable, decay',
  help: 'Climbs, stays at the peak, then falls over the last num_decay_steps to min_lr_ratio.',
  params: z.strictObject({
    num_decay_steps: z.int().min(0),
    num_stable_steps: z.int().min(0).optional(),
    warmup_type: shape.default('linear'),
    decay_type: shape.default('cosine'),
    min_lr_ratio: z.number().min(0).max(1).default(0),
    num_cycles: cycles.default(0.5),
  }),
  create: ({ peak, warmupSteps, totalSteps }, params) => {
    const { num_decay_steps: decaySteps, min_lr_ratio: floor } = params
    const stableSteps = params.num_stable_steps ?? totalSteps - warmupSteps - decaySteps
    const lifted = (factor: number) => Math.max(0, factor * (1 - floor) + floor)
    const climb = {
      linear: (x: number) => x,
      cosine: (x: number) => 1 - halfCosine(x),
      '1-sqrt': (x: number) => 1 - Math.sqrt(1 - x),
    }
    const fall = {
      linear: (x: number) => 1 - x,
      cosine: (x: number) => halfCosine(params.num_cycles * 2 * x),
      '1-sqrt': (x: number) => 1 - Math.sqrt(x),
    }
    return byStep(peak, (step) => {
      if (step < warmupSteps) return lifted(climb[params.warmup_type](step / Math.max(1, warmupSteps)))
      const decaying = step - warmupSteps - stableSteps
      if (decaying < 0) return 1
      return decaying < decaySteps
        ? lifted(fall[params.decay_type](decaying / Math.max(1, decaySteps)))
        : floor
    })
  },
})
