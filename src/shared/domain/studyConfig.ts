/**
 * study.json as a whole (docs/cli.md, "The study file"): a run config, what to vary of it, what to make best, and how
 * long to try. `checkStudyConfig` fills in every default and refuses what it does not know.
 */
import { z } from 'zod'
import { nearestName } from '../nearest'
import { UserError } from '../errors'
import { checkRunConfig, RUN_CONFIG_KEYS, type ConfigProblem } from './runConfig'
import { contains, isActive, spaceProblems, type Params, type SearchSpace } from './searchSpace'
import { DIRECTIONS, PARAMS, PrunerConfig, SamplerConfig, SPACE, type Direction } from './study'

const count = z.int().min(1)
const noSampler = { type: 'tpe' } as const
const noPruner = { type: 'median' } as const

const shape = {
  name: z.union([z.null(), z.string().min(1).max(200)]),
  /** The run config that every trial starts from. */
  run: z.record(z.string(), z.unknown()),
  space: SPACE,
  /** A figure of the evaluations: accuracy, f1, loss … Always of the validation split. */
  metric: z.string().min(1),
  /** Null: minimize for losses and errors, maximize for the rest. */
  direction: z.union([z.null(), z.enum(DIRECTIONS)]),
  sampler: SamplerConfig,
  pruner: PrunerConfig,
  /** Budgets; the first that is spent ends the study. */
  n_trials: z.union([z.null(), count]),
  timeout: z.union([z.null(), z.number().positive()]),
  max_epochs: z.union([z.null(), z.number().positive()]),
  /** Trials at once; null: as many as the cores have room for. */
  n_jobs: z.union([z.null(), count.max(64)]),
  /** A trial is one run for each, its value their mean. Empty: the seed of the run config. */
  seeds: z.array(z.int().min(0)).max(20),
  seed: z.int().min(0),
  /** Trials to make first, in this order. Parameters that are left out are chosen by the sampler. */
  enqueue: z.array(PARAMS),
  /** Weights are kept of so many of the best trials. */
  keep_top_k: z.int().min(0),
  stop_when_no_improvement: z.boolean(),
}
export interface StudyConfig {
  name: string | null
  run: Record<string, unknown>
  space: SearchSpace
  metric: string
  direction: Direction
  sampler: SamplerConfig
  pruner: PrunerConfig
  n_trials: number | null
  timeout: number | null
  max_epochs: number | null
  n_jobs: number | null
  seeds: number[]
  seed: number
  enqueue: Params[]
  keep_top_k: number
  stop_when_no_improvement: boolean
}

export const STUDY_DEFAULTS = {
  name: null,
  metric: 'accuracy',
  direction: null,
  sampler: noSampler,
  pruner: noPruner,
  n_trials: null,
  timeout: null,
  max_epochs: null,
  n_jobs: 1,
  seeds: [],
  seed: 42,
  enqueue: [],
  keep_top_k: 3,
  stop_when_no_improvement: false,
} as const

/** What a trial's run does unless the study's run config says otherwise: evaluate each epoch, keep the best weights. */
export function trialDefaults(metric: string, direction: Direction): Record<string, unknown> {
  return {
    eval_strategy: 'epoch',
    save_strategy: 'best',
    save_total_limit: 1,
    load_best_model_at_end: true,
    metric_for_best_model: metric,
    greater_is_better: direction === 'maximize',
  }
}

/** Settings that are the study's own business, and why. */
const NOT_VARIED: Record<string, string> = {
  task: 'Trials of one study share the task.',
  dataset: 'Trials are only comparable on the same rows.',
  columns: 'Trials are only comparable on the same columns.',
  output_dir: 'Each trial has a folder of its own.',
  run_name: 'Trials are named after their number.',
  seed: 'List several `seeds`: a trial is then their mean.',
  metric_for_best_model: 'It is the metric of the study.',
  greater_is_better: 'It follows the direction of the study.',
}

export function checkStudyConfig(raw: unknown): { config: StudyConfig } | { problems: ConfigProblem[] } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return { problems: [problem('(top level)', 'A study is a JSON object.')] }
  const problems: ConfigProblem[] = []
  for (const key of Object.keys(raw)) {
    if (key in shape) continue
    const near = nearestName(key, Object.keys(shape))
    problems.push(problem(key, `Unknown setting ${key}.`, near ? `Did you mean ${near}?` : undefined))
  }
  const given = { ...STUDY_DEFAULTS, ...raw } as Record<string, unknown>
  const checked: Record<string, unknown> = {}
  for (const [key, schema] of Object.entries(shape)) {
    const result = (schema as z.ZodType).safeParse(given[key])
    if (result.success) checked[key] = result.data
    else problems.push(issueOf(key, given[key], result.error))
  }
  if (problems.length > 0) return { problems }
  const usual = /loss|error|perplexity|^ter$/.test(String(checked['metric'])) ? 'minimize' : 'maximize'
  const config = { ...checked, direction: checked['direction'] ?? usual } as unknown as StudyConfig
  problems.push(...contradictions(config))
  return problems.length > 0 ? { problems } : { config }
}

/** @throws UserError `bad-config` naming the first problem and how many more there are */
export function parseStudyConfig(raw: unknown): StudyConfig {
  const checked = checkStudyConfig(raw)
  if ('config' in checked) return checked.config
  const [first, ...rest] = checked.problems
  const more = rest.length > 0 ? ` (${rest.length} more: ${rest.map((p) => p.where.field).join(', ')})` : ''
  throw UserError.from({ ...first!, message: first!.message + more })
}

function contradictions(config: StudyConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  if (Object.keys(config.space).length === 0)
    problems.push(problem('space', 'Nothing varies.', 'Add a parameter, such as learning_rate.'))
  for (const { parameter, message, hint } of spaceProblems(config.space))
    problems.push(problem(`space.${parameter}`, message, hint))
  for (const name of Object.keys(config.space)) {
    const top = name.split('.')[0]!
    const near = nearestName(top, RUN_CONFIG_KEYS)
    if (!RUN_CONFIG_KEYS.includes(top))
      problems.push(problem(`space.${name}`, `Unknown setting ${top}.`, near && `Did you mean ${near}?`))
    else if (NOT_VARIED[top] !== undefined)
      problems.push(problem(`space.${name}`, `${top} cannot be varied.`, NOT_VARIED[top]))
  }
  if (/^test(_|$)|_test$/.test(config.metric))
    problems.push(
      problem('metric', 'Tuning never sees the test split.', 'Name a figure of the validation split.'),
    )
  if (config.run['eval_strategy'] === 'no')
    problems.push(problem('run.eval_strategy', 'Trials are compared by their evaluations.', 'Use epoch.'))
  if (config.n_trials === null && config.timeout === null && config.max_epochs === null)
    if (config.sampler.type !== 'grid')
      problems.push(problem('n_trials', 'The study has no end.', 'Set n_trials, timeout or max_epochs.'))
  if (config.sampler.type === 'tpe' && config.sampler.group && !config.sampler.multivariate)
    problems.push(problem('sampler.group', 'group needs multivariate.'))
  config.enqueue.forEach((params, i) =>
    problems.push(...enqueueProblems(config.space, params, `enqueue.${i}`)),
  )
  return problems.length > 0 ? problems : runProblems(config)
}

function enqueueProblems(space: SearchSpace, params: Params, field: string): ConfigProblem[] {
  return Object.entries(params).flatMap(([name, value]) => {
    const distribution = space[name]
    if (!distribution) return [problem(`${field}.${name}`, `${name} is not in the space.`)]
    if (!contains(distribution, value))
      return [problem(`${field}.${name}`, `${name} ${JSON.stringify(value)} lies outside its range.`)]
    return isActive(distribution, params) ? [] : [problem(`${field}.${name}`, `${name} is not active here.`)]
  })
}

/** Runs at the ends of every range, one parameter at a time: what a trial would be refused for is refused now. */
function runProblems(config: StudyConfig): ConfigProblem[] {
  const told = new Map<string, ConfigProblem>()
  const lows = Object.fromEntries(Object.entries(config.space).map(([name, d]) => [name, endsOf(d)[0]!]))
  for (const [name, distribution] of Object.entries(config.space))
    for (const value of endsOf(distribution)) {
      const checked = checkRunConfig(trialConfig(config, { ...lows, [name]: value }, null))
      if ('config' in checked) continue
      for (const found of checked.problems) {
        const isVaried = Object.keys(config.space).includes(found.where.field)
        const field = isVaried ? `space.${found.where.field}` : `run.${found.where.field}`
        if (!told.has(field)) told.set(field, { ...found, where: { field } })
      }
    }
  return [...told.values()]
}

function endsOf(distribution: SearchSpace[string]): Params[string][] {
  return distribution.type === 'categorical' ? distribution.choices : [distribution.low, distribution.high]
}

/** The run config of a trial: the study's own, its parameters, its seed. */
export function trialConfig(
  config: StudyConfig,
  params: Params,
  seed: number | null,
): Record<string, unknown> {
  const run = structuredClone({ ...trialDefaults(config.metric, config.direction), ...config.run })
  run['metric_for_best_model'] = config.metric
  run['greater_is_better'] = config.direction === 'maximize'
  for (const [name, value] of Object.entries(params)) {
    const keys = name.split('.')
    let place: Record<string, unknown> = run
    for (const key of keys.slice(0, -1)) {
      const inside = place[key]
      const next = typeof inside === 'object' && inside !== null ? { ...inside } : {}
      place[key] = next
      place = next
    }
    place[keys.at(-1)!] = value
  }
  if (seed !== null) run['seed'] = seed
  return run
}

function issueOf(key: string, value: unknown, error: z.ZodError): ConfigProblem {
  if (value === undefined) return problem(key, `${key} is missing.`)
  const issue = error.issues[0]!
  return problem(
    [key, ...issue.path.map(String)].join('.'),
    `${[key, ...issue.path.map(String)].join('.')}: ${issue.message}.`,
  )
}

function problem(field: string, message: string, hint?: string): ConfigProblem {
  return { code: 'bad-config', message, where: { field }, ...(hint !== undefined && { hint }) }
}
