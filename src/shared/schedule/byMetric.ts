/** The two schedules that listen to evaluations: torch's ReduceLROnPlateau and Transformers' GreedyLR (5.23). */
import { z } from 'zod'
import { type Schedule, schedule } from './definition'

const watching = {
  mode: z.enum(['min', 'max']).default('min'),
  threshold_mode: z.enum(['rel', 'abs']),
  patience: z.int().min(0).default(10),
  cooldown: z.int().min(0).default(0),
  eps: z.number().min(0).default(1e-8),
}

interface Watch {
  mode: 'min' | 'max'
  threshold_mode: 'rel' | 'abs'
  threshold: number
}

function isBetter({ mode, threshold_mode, threshold }: Watch, metric: number, best: number): boolean {
  if (mode === 'min') return metric < (threshold_mode === 'rel' ? best * (1 - threshold) : best - threshold)
  return metric > (threshold_mode === 'rel' ? best * (1 + threshold) : best + threshold)
}

/** A schedule whose whole memory is one object of numbers, so that saving it is copying it. */
function remembering<S extends Record<string, number | number[] | null> & { rate: number }>(
  memory: S,
  observe: (memory: S, metric: number) => void,
): Schedule {
  return {
    rate: () => memory.rate,
    onEvaluate: (metric) => observe(memory, metric),
    state: () => structuredClone(memory),
    restore: (state) => Object.assign(memory, state),
  }
}

/** `best` before the first metric; null stands for it in JSON. */
function orWorst(best: number | null, mode: 'min' | 'max'): number {
  return best ?? (mode === 'min' ? Infinity : -Infinity)
}

export const reduceLrOnPlateau = schedule({
  id: 'reduce_lr_on_plateau',
  label: 'Reduce on plateau',
  help: 'Multiplied by factor after more than patience evaluations without improvement.',
  params: z.strictObject({
    ...watching,
    threshold_mode: watching.threshold_mode.default('rel'),
    factor: z.number().min(0).lt(1).default(0.1),
    threshold: z.number().min(0).default(1e-4),
    min_lr: z.number().min(0).default(0),
  }),
  create: ({ peak }, params) =>
    remembering({ rate: peak, best: null as number | null, bad: 0, cooldown: 0 }, (memory, metric) => {
      if (isBetter(params, metric, orWorst(memory.best, params.mode))) {
        memory.best = metric
        memory.bad = 0
      } else memory.bad++
      if (memory.cooldown > 0) {
        memory.cooldown--
        memory.bad = 0
      }
      if (memory.bad <= params.patience) return
      const lower = Math.max(memory.rate * params.factor, params.min_lr)
      if (memory.rate - lower > params.eps) memory.rate = lower
      memory.cooldown = params.cooldown
      memory.bad = 0
    }),
})

export const greedy = schedule({
  id: 'greedy',
  label: 'Greedy',
  help: 'Raised while evaluations improve, lowered while they do not (GreedyLR, arXiv 2512.14527).',
  params: z.strictObject({
    ...watching,
    threshold_mode: watching.threshold_mode.default('abs'),
    factor: z.number().positive().lt(1).default(0.95),
    threshold: z.number().min(0).default(1e-6),
    warmup: z.int().min(0).default(0),
    min_lr: z.number().min(0).default(1e-3),
    max_lr: z.number().min(0).default(1),
    smooth: z.boolean().default(false),
    window_size: z.int().min(1).default(50),
    reset_start: z.int().min(0).default(500),
  }),
  create: ({ peak }, params) => {
    const start = {
      rate: peak,
      best: null as number | null,
      bad: 0,
      good: 0,
      cooldown: 0,
      warmup: 0,
      resetIn: params.reset_start,
      window: [] as number[],
    }
    const lower = (memory: typeof start) => {
      const rate = Math.max(memory.rate * params.factor, params.min_lr)
      if (memory.rate - rate > params.eps) memory.rate = rate
      if (memory.rate > params.min_lr) return
      memory.resetIn--
      if (memory.resetIn <= 0) Object.assign(memory, structuredClone(start))
    }
    const raise = (memory: typeof start) => {
      const rate = Math.min(memory.rate / params.factor, params.max_lr)
      if (rate - memory.rate > params.eps) memory.rate = rate
      memory.resetIn = params.reset_start
    }
    return remembering(structuredClone(start), (memory, metric) => {
      const seen = params.smooth ? movingAverage(memory.window, metric, params.window_size) : metric
      if (memory.cooldown > 0 || memory.warmup > 0) {
        if (memory.cooldown > 0) memory.cooldown--
        else memory.warmup--
        memory.bad = memory.good = 0
        return
      }
      if (isBetter(params, seen, orWorst(memory.best, params.mode))) {
        memory.best = seen
        memory.bad = 0
        memory.good++
      } else {
        memory.bad++
        memory.good = 0
      }
      if (memory.good > params.patience) {
        raise(memory)
        memory.warmup = params.warmup
        memory.good = 0
      } else if (memory.bad > params.patience) {
        lower(memory)
        memory.cooldown = params.cooldown
        memory.bad = 0
      }
    })
  },
})

function movingAverage(window: number[], value: number, size: number): number {
  window.push(value)
  if (window.length > size) window.shift()
  return window.reduce((a, b) => a + b, 0) / window.length
}
