/**
 * study.json: what a study is asked to do (docs/cli.md, "The study file"). Samplers, pruners and their settings carry
 * Optuna's names and Optuna 5's defaults.
 */
import { z } from 'zod'
import { Distribution, ParamValue } from './searchSpace'

export const TRIAL_STATES = ['waiting', 'running', 'complete', 'pruned', 'fail'] as const
export type TrialState = (typeof TRIAL_STATES)[number]

export const DIRECTIONS = ['minimize', 'maximize'] as const
export type Direction = (typeof DIRECTIONS)[number]

const count = z.int().min(1)
const countOrZero = z.int().min(0)

export const SamplerConfig = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('tpe'),
    n_startup_trials: countOrZero.default(10),
    n_ei_candidates: count.default(24),
    multivariate: z.boolean().default(true),
    group: z.boolean().default(false),
    constant_liar: z.boolean().default(true),
  }),
  z.strictObject({ type: z.literal('gp'), n_startup_trials: count.min(2).default(10) }),
  z.strictObject({ type: z.literal('random') }),
  z.strictObject({ type: z.literal('qmc'), scramble: z.boolean().default(true) }),
  z.strictObject({ type: z.literal('grid'), points: count.default(5) }),
])
export type SamplerConfig = z.infer<typeof SamplerConfig>
export type SamplerType = SamplerConfig['type']

const percentileShape = {
  n_startup_trials: countOrZero.default(5),
  n_warmup_steps: countOrZero.default(0),
  interval_steps: count.default(1),
  n_min_trials: count.default(1),
}
const basicPruners = [
  z.strictObject({ type: z.literal('nop') }),
  z.strictObject({ type: z.literal('median'), ...percentileShape }),
  z.strictObject({
    type: z.literal('percentile'),
    percentile: z.number().min(0).max(100),
    ...percentileShape,
  }),
  z.strictObject({
    type: z.literal('successive_halving'),
    min_resource: z.union([z.literal('auto'), count]).default('auto'),
    reduction_factor: count.min(2).default(4),
    min_early_stopping_rate: countOrZero.default(0),
    bootstrap_count: countOrZero.default(0),
  }),
  z.strictObject({
    type: z.literal('hyperband'),
    min_resource: count.default(1),
    max_resource: z.union([z.literal('auto'), count]).default('auto'),
    reduction_factor: count.min(2).default(3),
    bootstrap_count: countOrZero.default(0),
  }),
] as const
const BasicPrunerConfig = z.discriminatedUnion('type', basicPruners)
export const PrunerConfig = z.discriminatedUnion('type', [
  ...basicPruners,
  z.strictObject({
    type: z.literal('patient'),
    /** The pruner that is asked once patience is over; null prunes at once. */
    wrapped: BasicPrunerConfig.nullable().default(null),
    patience: countOrZero.default(2),
    min_delta: z.number().min(0).default(0),
  }),
])
export type PrunerConfig = z.infer<typeof PrunerConfig>
export type PrunerType = PrunerConfig['type']

export const IMPORTANCE_EVALUATORS = ['ped_anova', 'fanova'] as const
export type ImportanceName = (typeof IMPORTANCE_EVALUATORS)[number]

export const SPACE = z.record(z.string().min(1), Distribution)
export const PARAMS = z.record(z.string().min(1), ParamValue)

export const STUDY_STATES = ['running', 'completed', 'stopped', 'cancelled', 'failed', 'interrupted'] as const
export type StudyState = (typeof STUDY_STATES)[number]
