/**
 * run.json: what a run is asked to do (docs/cli.md). `parseRunConfig` fills in every default and refuses what it does
 * not know; the result is frozen into the database before the first step.
 */
import { z } from 'zod'
import { UserError, type UserErrorData } from '../errors'
import { nearestName } from '../nearest'
import { isHarmless, REFUSED_ARGUMENTS } from './refusedArguments'
import { TRAINING_ARGUMENTS, type TrainingArgumentName, type TrainingArguments } from './trainingArguments'
import { crossFieldProblems } from './runConfigRules'
import { PROBLEM_TYPES, TASKS, type ProblemType, type Task } from './tasks'
import { TRANSFER_DEFAULTS, transferShape, type TransferSettings } from './transfer'

const path = z.string().min(1)

const RandomModel = z.strictObject({
  architecture: z.string().min(1),
  config: z.record(z.string(), z.unknown()).default({}),
})
/**
 * A Hugging Face folder or bundle; a run or checkpoint id; an encoder that comes with the studio; or an architecture
 * with random weights.
 */
export const ModelSource = z.union([path, z.strictObject({ starter: z.string().min(1) }), RandomModel])
export type ModelSource = z.infer<typeof ModelSource>

export function isRandom(model: ModelSource): model is z.infer<typeof RandomModel> {
  return typeof model !== 'string' && 'architecture' in model
}

export const DatasetSource = z.union([
  z.strictObject({ train: path, validation: path.optional(), test: path.optional() }),
  z.strictObject({ sample: z.literal('semantic-fields') }),
  z.strictObject({ version: z.string().min(1) }),
])
export type DatasetSource = z.infer<typeof DatasetSource>

export const ColumnRoles = z.strictObject({
  text: z.string().min(1).optional(),
  text_pair: z.string().min(1).optional(),
  label: z.string().min(1).optional(),
  tokens: z.string().min(1).optional(),
  tags: z.string().min(1).optional(),
})
export type ColumnRoles = z.infer<typeof ColumnRoles>

const subjectShape = {
  task: z.enum(TASKS),
  /** What the labels of a sequence classification are; `null`: lists are several labels, anything else is one. */
  problem_type: z.union([z.null(), z.enum(PROBLEM_TYPES)]),
  model: ModelSource,
  dataset: DatasetSource,
  columns: ColumnRoles,
  tokenizer: z.union([z.null(), path]),
  /** Size of a tokenizer trained on the training split, where neither the model nor `tokenizer` brings one. */
  vocab_size: z.int().min(100).max(200_000),
  /** Fields of the model's own config.json to change, such as hidden_dropout_prob. */
  config_overrides: z.record(z.string(), z.unknown()),
  ...transferShape,
}
const subjectDefaults = {
  problem_type: null,
  columns: {},
  tokenizer: null,
  vocab_size: 8000,
  config_overrides: {},
  ...TRANSFER_DEFAULTS,
}

export interface RunConfig extends TrainingArguments, TransferSettings {
  task: Task
  problem_type: ProblemType | null
  model: ModelSource
  dataset: DatasetSource
  columns: ColumnRoles
  tokenizer: string | null
  vocab_size: number
  config_overrides: Record<string, unknown>
}

const argumentNames = Object.keys(TRAINING_ARGUMENTS) as TrainingArgumentName[]
export const RUN_CONFIG_KEYS: readonly string[] = [...Object.keys(subjectShape), ...argumentNames]

/** A setting that is wrong, and the change that would mend it where there is one. */
export interface ConfigProblem extends UserErrorData {
  where: { field: string }
  fixes?: { label: string; set: Record<string, unknown> }[]
}

export const DEFAULT_ARGUMENTS: TrainingArguments = Object.fromEntries(
  argumentNames.map((name) => [name, TRAINING_ARGUMENTS[name].default]),
) as TrainingArguments

/** Checks a run.json value. Returns either the complete config or every problem found. */
export function checkRunConfig(raw: unknown): { config: RunConfig } | { problems: ConfigProblem[] } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return { problems: [problem('(top level)', 'A run config is a JSON object.')] }
  const given = { ...(raw as Record<string, unknown>) }
  const problems: ConfigProblem[] = []
  for (const key of Object.keys(given)) {
    const refused = REFUSED_ARGUMENTS[key]
    if (refused) {
      if (!isHarmless(refused, given[key]))
        problems.push(
          problem(key, `${key} is not supported. ${refused.why}`, `Remove ${key}.`, 'unsupported'),
        )
      Reflect.deleteProperty(given, key)
    } else if (!RUN_CONFIG_KEYS.includes(key)) {
      const near = nearestName(key, RUN_CONFIG_KEYS)
      problems.push(
        problem(
          key,
          `Unknown setting ${key}.`,
          near ? `Did you mean ${near}?` : 'docs/cli.md lists all settings.',
        ),
      )
      Reflect.deleteProperty(given, key)
    }
  }
  const complete: Record<string, unknown> = { ...DEFAULT_ARGUMENTS, ...subjectDefaults, ...given }
  const schemas: Record<string, z.ZodType> = {
    ...subjectShape,
    ...Object.fromEntries(argumentNames.map((name) => [name, TRAINING_ARGUMENTS[name].schema])),
  }
  for (const [key, schema] of Object.entries(schemas)) {
    const result = schema.safeParse(complete[key])
    if (result.success) complete[key] = result.data
    else problems.push(describeIssue(key, complete[key], result.error))
  }
  if (problems.length > 0) return { problems }
  const config = complete as unknown as RunConfig
  const contradictions = crossFieldProblems(config)
  return contradictions.length > 0 ? { problems: contradictions } : { config }
}

/** @throws UserError `bad-config` naming the first problem, and how many more there are. */
export function parseRunConfig(raw: unknown): RunConfig {
  const checked = checkRunConfig(raw)
  if ('config' in checked) return checked.config
  const [first, ...rest] = checked.problems
  const more = rest.length > 0 ? ` (${rest.length} more: ${rest.map((p) => p.where.field).join(', ')})` : ''
  throw UserError.from({ ...first!, message: first!.message + more })
}

function describeIssue(key: string, value: unknown, error: z.ZodError): ConfigProblem {
  if (value === undefined) return problem(key, `${key} is missing.`)
  const issue = error.issues[0]!
  const field = [key, ...issue.path.map(String)].join('.')
  const shown = JSON.stringify(value)
  const got = shown.length > 60 ? `${shown.slice(0, 57)}…` : shown
  return problem(field, `${field}: ${issue.message} (got ${got}).`)
}

function problem(
  field: string,
  message: string,
  hint?: string,
  code: UserErrorData['code'] = 'bad-config',
): ConfigProblem {
  return { code, message, where: { field }, ...(hint && { hint }) }
}
