/** What a learning-rate schedule is. Names, settings and values are those of `transformers.get_scheduler`. */
import type { z } from 'zod'

export interface ScheduleContext {
  /** The rate the schedule multiplies. */
  peak: number
  warmupSteps: number
  totalSteps: number
}

export interface Schedule {
  /** The rate of the optimizer step that follows `stepsDone` steps. */
  rate(stepsDone: number): number
  /** Told after each evaluation; only schedules driven by a metric listen. */
  onEvaluate(metric: number): void
  /** What `restore` needs to go on from here; JSON. */
  state(): Record<string, unknown>
  restore(state: Record<string, unknown>): void
}

export interface ScheduleDefinition<S extends z.ZodType = z.ZodType> {
  id: string
  label: string
  help: string
  /** lr_scheduler_kwargs. */
  params: S
  create(context: ScheduleContext, params: z.output<S>): Schedule
}

/** Keeps the parameter type of one definition while `create` is checked. */
export function schedule<S extends z.ZodType>(definition: ScheduleDefinition<S>): ScheduleDefinition {
  return definition
}

/** A schedule that is a factor on the peak rate, a pure function of the steps done. */
export function byStep(peak: number, factor: (stepsDone: number) => number): Schedule {
  return {
    rate: (stepsDone) => peak * factor(stepsDone),
    onEvaluate: () => undefined,
    state: () => ({}),
    restore: () => undefined,
  }
}

/** Linear climb from 0 in the warm-up steps, `after` behind it. */
export function afterWarmup(warmupSteps: number, after: (stepsDone: number) => number) {
  return (stepsDone: number): number =>
    stepsDone < warmupSteps ? stepsDone / Math.max(1, warmupSteps) : after(stepsDone)
}

/** Share of the steps behind the warm-up that is done; may exceed 1. */
export function progress(context: ScheduleContext, stepsDone: number): number {
  return (stepsDone - context.warmupSteps) / Math.max(1, context.totalSteps - context.warmupSteps)
}

export function halfCosine(cyclesDone: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * cyclesDone))
}
