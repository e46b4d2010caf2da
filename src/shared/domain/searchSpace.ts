/**
 * What a study may vary: Optuna's distributions (float, int, categorical; log, step), each with an optional condition.
 * A parameter is named by the setting of the run it sets, dots leading into objects: `learning_rate`,
 * `config_overrides.hidden_dropout_prob`.
 */
import { z } from 'zod'
import { nearestName } from '../nearest'

export const ParamValue = z.union([z.string(), z.number(), z.boolean(), z.null()])
export type ParamValue = z.infer<typeof ParamValue>
export type Params = Readonly<Record<string, ParamValue>>

/** Active only where another parameter, named before it, has one of these values. */
const Condition = z.strictObject({ parameter: z.string().min(1), in: z.array(ParamValue).min(1) })

export const FloatDistribution = z.strictObject({
  type: z.literal('float'),
  low: z.number(),
  high: z.number(),
  log: z.boolean().default(false),
  step: z.number().positive().nullable().default(null),
  when: Condition.optional(),
})
export const IntDistribution = z.strictObject({
  type: z.literal('int'),
  low: z.int(),
  high: z.int(),
  log: z.boolean().default(false),
  step: z.int().positive().default(1),
  when: Condition.optional(),
})
export const CategoricalDistribution = z.strictObject({
  type: z.literal('categorical'),
  choices: z.array(ParamValue).min(1),
  when: Condition.optional(),
})
export const Distribution = z.discriminatedUnion('type', [
  FloatDistribution,
  IntDistribution,
  CategoricalDistribution,
])
export type Distribution = z.infer<typeof Distribution>
export type NumericDistribution = Exclude<Distribution, { type: 'categorical' }>
export type SearchSpace = Readonly<Record<string, Distribution>>

/** Parameters that a trial with these values has, in the order of the space. */
export function isActive({ when }: Distribution, params: Params): boolean {
  if (!when) return true
  const value = params[when.parameter]
  return value !== undefined && when.in.includes(value)
}

/** Nothing to choose. */
export function isSingle(distribution: Distribution): boolean {
  return distribution.type === 'categorical'
    ? distribution.choices.length === 1
    : distribution.low === distribution.high
}

/** Whether a trial may have this value. */
export function contains(distribution: Distribution, value: ParamValue): boolean {
  if (distribution.type === 'categorical') return distribution.choices.includes(value)
  if (typeof value !== 'number' || !(value >= distribution.low && value <= distribution.high)) return false
  if (distribution.type === 'int' && !Number.isInteger(value)) return false
  if (distribution.step === null || distribution.log) return true
  const steps = (value - distribution.low) / distribution.step
  return Math.abs(steps - Math.round(steps)) < 1e-8
}

export interface SpaceProblem {
  parameter: string
  message: string
  hint?: string
}

/** What zod cannot tell: ranges that are empty, steps that do not fit, conditions on what is not there. */
export function spaceProblems(space: SearchSpace): SpaceProblem[] {
  const problems: SpaceProblem[] = []
  const names = Object.keys(space)
  names.forEach((parameter, position) => {
    const distribution = space[parameter]!
    const say = (message: string, hint?: string) =>
      problems.push({ parameter, message: `${parameter}: ${message}`, ...(hint && { hint }) })
    if (distribution.type === 'categorical') {
      if (new Set(distribution.choices).size < distribution.choices.length) say('a choice is named twice.')
    } else numericProblem(distribution, say)
    const { when } = distribution
    if (!when) return
    const at = names.indexOf(when.parameter)
    const near = nearestName(when.parameter, names)
    if (at < 0)
      say(`depends on ${when.parameter}, which is not in the space.`, near && `Did you mean ${near}?`)
    else if (at >= position)
      say(`depends on ${when.parameter}, which comes after it.`, `Name ${when.parameter} first.`)
    else if (!when.in.some((value) => contains(space[when.parameter]!, value)))
      say(
        `is never active: ${when.parameter} takes none of ${when.in.map((v) => JSON.stringify(v)).join(', ')}.`,
      )
  })
  return problems
}

function numericProblem(
  { type, low, high, log, step }: NumericDistribution,
  say: (message: string, hint?: string) => void,
): void {
  if (low > high) say(`low ${low} is above high ${high}.`, 'Swap the two.')
  else if (log && low <= 0) say(`a logarithmic range starts above 0, not at ${low}.`)
  else if (log && (type === 'int' ? step !== 1 : step !== null))
    say('a logarithmic range takes no step.', 'Use one of the two.')
  else if (step !== null && step > high - low && high > low) say(`the step ${step} is wider than the range.`)
  else if (step !== null && !isMultiple(high - low, step))
    say(
      `the range ${low} to ${high} is not a multiple of the step ${step}.`,
      `Set high to ${lastOnGrid(low, high, step)}.`,
    )
}

function isMultiple(range: number, step: number): boolean {
  const steps = range / step
  return Math.abs(steps - Math.round(steps)) < 1e-8
}

function lastOnGrid(low: number, high: number, step: number): number {
  return Number((low + Math.floor((high - low) / step) * step).toPrecision(12))
}
