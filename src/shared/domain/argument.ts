/** One training argument: schema, default, and the words the form and the documentation show. */
import { z } from 'zod'

export const ARGUMENT_GROUPS = [
  'Model and data',
  'Optimization',
  'Schedule',
  'Regularization',
  'Evaluation, saving, stopping',
  'Logging',
  'Machine',
] as const
export type ArgumentGroup = (typeof ARGUMENT_GROUPS)[number]

export interface Argument<S extends z.ZodType = z.ZodType> {
  schema: S
  default: z.input<S>
  group: ArgumentGroup
  help: string
  /** Shown only when the group is expanded to all arguments. */
  advanced?: true
}

/** Keeps the schema's type beside its default. */
export function arg<S extends z.ZodType>(
  schema: S,
  defaultValue: NoInfer<z.input<S>>,
  group: ArgumentGroup,
  help: string,
  advanced?: true,
): Argument<S> {
  return { schema, default: defaultValue, group, help, ...(advanced && { advanced }) }
}

export const count = z.int().min(1)
export const countOrZero = z.int().min(0)
export const rate = z.number().min(0)
export const share = z.number().min(0).max(1)
/** A number of steps, or a fraction below 1 of all. */
export const steps = z
  .number()
  .positive()
  .refine((n) => n < 1 || Number.isInteger(n), 'Must be a whole number, or a fraction below 1')
export const strategy = z.enum(['no', 'steps', 'epoch'])
