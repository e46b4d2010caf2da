/**
 * The learning rate over a run, for the plot in the form. The engine's schedules (main/engine/schedule) are the ones
 * that train; a unit test keeps these equal to them.
 */
import type { TrainingArguments } from '../../../shared/domain/trainingArguments'

export type ScheduleSettings = Pick<
  TrainingArguments,
  'lr_scheduler_type' | 'lr_scheduler_kwargs' | 'learning_rate' | 'warmup_steps'
>

/** A whole number of steps; a fraction below 1 is a share of all steps, rounded up. */
export function warmupSteps(setting: number, total: number): number {
  return setting >= 1 ? Math.trunc(setting) : Math.ceil(total * setting)
}

/** Learning rate of the step that follows `step` steps. */
export function scheduleRate(settings: ScheduleSettings, total: number): (step: number) => number {
  const peak = settings.learning_rate
  const warmup = warmupSteps(settings.warmup_steps, total)
  const factor = factorOf(settings, { peak, warmup, total })
  return (step) => peak * factor(step)
}

interface Span {
  peak: number
  warmup: number
  total: number
}
type Factor = (step: number) => number

const halfCosine = (x: number): number => 0.5 * (1 + Math.cos(Math.PI * x))

function factorOf(settings: ScheduleSettings, span: Span): Factor {
  const { peak, warmup, total } = span
  const kwargs = settings.lr_scheduler_kwargs
  const numberOf = (name: string, otherwise: number): number => Number(kwargs[name] ?? otherwise)
  const progress: Factor = (step) => (step - warmup) / Math.max(1, total - warmup)
  const climbing =
    (after: Factor): Factor =>
    (step) =>
      step < warmup ? step / Math.max(1, warmup) : after(step)
  const floor = (): number =>
    kwargs.min_lr_rate === undefined ? numberOf('min_lr', 0) / peak : Number(kwargs.min_lr_rate)

  switch (settings.lr_scheduler_type) {
    case 'constant':
      return () => 1
    case 'constant_with_warmup':
      return climbing(() => 1)
    case 'linear':
      return climbing((step) => Math.max(0, (total - step) / Math.max(1, total - warmup)))
    case 'cosine':
      return climbing((step) => Math.max(0, halfCosine(numberOf('num_cycles', 0.5) * 2 * progress(step))))
    case 'cosine_with_restarts':
      return climbing((step) => {
        const done = progress(step)
        return done >= 1 ? 0 : Math.max(0, halfCosine((numberOf('num_cycles', 1) * done) % 1))
      })
    case 'polynomial': {
      const end = numberOf('lr_end', 1e-7)
      return climbing((step) => {
        if (step > total) return end / peak
        const left = 1 - (step - warmup) / (total - warmup)
        return ((peak - end) * left ** numberOf('power', 1) + end) / peak
      })
    }
    case 'inverse_sqrt': {
      const scale = numberOf('timescale', warmup || 10_000)
      return climbing((step) => 1 / Math.sqrt((step + scale - warmup) / scale))
    }
    case 'cosine_with_min_lr':
      return climbing((step) => floored(floor(), numberOf('num_cycles', 0.5), progress(step)))
    case 'cosine_warmup_with_min_lr':
      return (step) => {
        if (step < warmup) {
          const from = kwargs.warmup_lr_rate
          return from === undefined
            ? (step + 1) / Math.max(1, warmup)
            : Number(from) + ((1 - Number(from)) * step) / Math.max(1, warmup - 1)
        }
        const done = (step - warmup + 1) / Math.max(1, total - warmup)
        return floored(floor(), numberOf('num_cycles', 0.5), done)
      }
    case 'warmup_stable_decay':
      return warmupStableDecay(kwargs, span)
    case 'reduce_lr_on_plateau':
    case 'greedy':
      return () => 1 // Moved by evaluations alone: flat until there are some.
  }
}

function floored(floor: number, cycles: number, done: number): number {
  return Math.max(0, halfCosine(cycles * 2 * done) * (1 - floor) + floor)
}

function warmupStableDecay(kwargs: ScheduleSettings['lr_scheduler_kwargs'], span: Span): Factor {
  const { warmup, total } = span
  const decay = Number(kwargs.num_decay_steps ?? 0)
  const stable = Number(kwargs.num_stable_steps ?? total - warmup - decay)
  const least = Number(kwargs.min_lr_ratio ?? 0)
  const cycles = Number(kwargs.num_cycles ?? 0.5)
  const lifted = (factor: number): number => Math.max(0, factor * (1 - least) + least)
  const climb = (x: number): number => {
    if (kwargs.warmup_type === 'cosine') return 1 - halfCosine(x)
    return kwargs.warmup_type === '1-sqrt' ? 1 - Math.sqrt(1 - x) : x
  }
  const fall = (x: number): number => {
    if (kwargs.decay_type === 'linear') return 1 - x
    return kwargs.decay_type === '1-sqrt' ? 1 - Math.sqrt(x) : halfCosine(cycles * 2 * x)
  }
  return (step) => {
    if (step < warmup) return lifted(climb(step / Math.max(1, warmup)))
    const decaying = step - warmup - stable
    if (decaying < 0) return 1
    return decaying < decay ? lifted(fall(decaying / Math.max(1, decay))) : least
  }
}
