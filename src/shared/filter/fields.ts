/** What a filter, a column or an order can be about: attributes of a run, its settings, its figures, its tags. */
import { HEADLINES } from '../domain/metricNames'
import { RUN_STATES } from '../domain/run'
import { RUN_CONFIG_KEYS } from '../domain/runConfig'
import { PROBLEMS } from '../domain/tasks'

export type FieldType =
  | 'text'
  | 'number'
  | 'bytes'
  | 'duration'
  | 'date'
  | 'boolean'
  | 'choice'
  | 'tags'
  /** Whatever the setting holds. */
  | 'any'

interface AttributeSpec {
  label: string
  type: FieldType
  help: string
  choices?: readonly string[]
  /** Other names for it. */
  also?: readonly string[]
}

export const ATTRIBUTES = {
  name: { label: 'Run', type: 'text', help: 'Name of the run', also: ['run_name'] },
  number: { label: 'No.', type: 'number', help: 'Number of the run' },
  id: { label: 'Id', type: 'text', help: 'Id of the run' },
  status: { label: 'State', type: 'choice', help: 'State', choices: RUN_STATES, also: ['state'] },
  reason: { label: 'Reason', type: 'text', help: 'Why it stopped or failed' },
  task: { label: 'Task', type: 'choice', help: 'Problem it solves', choices: PROBLEMS },
  dataset: { label: 'Data', type: 'text', help: 'Name of the dataset' },
  dataset_version: { label: 'Data version', type: 'number', help: 'Version of the dataset' },
  model: { label: 'Model', type: 'text', help: 'What it started from' },
  config: { label: 'Config', type: 'text', help: 'Equal where all settings but seeds are' },
  forked_from: { label: 'Forked from', type: 'number', help: 'Number of the run whose weights it took' },
  study: { label: 'Study', type: 'text', help: 'Study it is a trial of' },
  created: { label: 'Created', type: 'date', help: 'When it was made' },
  started: { label: 'Started', type: 'date', help: 'When training began' },
  ended: { label: 'Ended', type: 'date', help: 'When it ended' },
  duration: { label: 'Time', type: 'duration', help: 'From start to end' },
  step: { label: 'Steps', type: 'number', help: 'Optimizer steps done' },
  epoch: { label: 'Epoch', type: 'number', help: 'Epochs done' },
  rows_per_second: { label: 'Rows/s', type: 'number', help: 'Training rows a second' },
  parameters: { label: 'Parameters', type: 'number', help: 'Parameters of the model' },
  trainable_parameters: { label: 'Trained', type: 'number', help: 'Parameters that train' },
  peak_memory: { label: 'Peak memory', type: 'bytes', help: 'Most memory it held' },
  data_sha256: { label: 'Data hash', type: 'text', help: 'SHA-256 of the data' },
  tokenizer_sha256: { label: 'Tokenizer hash', type: 'text', help: 'SHA-256 of the tokenizer' },
  note: { label: 'Note', type: 'text', help: 'Your note' },
  archived: { label: 'Archived', type: 'boolean', help: 'Put away; hidden unless asked for' },
  tags: { label: 'Tags', type: 'tags', help: 'Your tags', also: ['tag'] },
} as const satisfies Record<string, AttributeSpec>
export type AttributeName = keyof typeof ATTRIBUTES
export const ATTRIBUTE_NAMES = Object.keys(ATTRIBUTES) as AttributeName[]

/** Of the values a figure had: its newest, that of the best evaluation, the lowest, the highest. */
export const AGGREGATES = ['last', 'best', 'min', 'max'] as const
export type Aggregate = (typeof AGGREGATES)[number]

export type Field =
  | { kind: 'attribute'; name: AttributeName }
  | { kind: 'param'; name: string }
  | { kind: 'metric'; name: string; of: Aggregate }

/** Names that the runs there are have, to tell a mistyped one and to offer the rest. */
export interface KnownNames {
  /** Settings, with values that occur, the commonest first. */
  params: Readonly<Record<string, readonly string[]>>
  /** loss, grad_norm … of training, eval_loss, eval_accuracy … of evaluations. */
  metrics: readonly string[]
  tags: readonly string[]
  datasets: readonly string[]
  models: readonly string[]
}

const ALWAYS_METRICS: readonly string[] = [
  'loss',
  'grad_norm',
  'learning_rate',
  'eval_loss',
  ...new Set(Object.values(HEADLINES).flatMap((names) => names.map((name) => `eval_${name}`))),
]

export function knownMetrics(known: KnownNames): string[] {
  return [...new Set([...known.metrics, ...ALWAYS_METRICS])]
}

export function knownParams(known: KnownNames): string[] {
  return [...new Set([...Object.keys(known.params), ...RUN_CONFIG_KEYS])]
}

export function isEvaluation(metric: string): boolean {
  return metric.startsWith('eval_')
}

/** What a figure without an aggregate means. */
export function defaultAggregate(metric: string): Aggregate {
  return isEvaluation(metric) ? 'best' : 'last'
}

export function fieldType(field: Field): FieldType {
  if (field.kind === 'attribute') return ATTRIBUTES[field.name].type
  return field.kind === 'metric' ? 'number' : 'any'
}

export function choicesOf(field: Field): readonly string[] | undefined {
  const spec: AttributeSpec | undefined = field.kind === 'attribute' ? ATTRIBUTES[field.name] : undefined
  return spec?.choices
}

/** The one name that means this field: what views store and columns are called by. */
export function fieldKey(field: Field): string {
  if (field.kind === 'attribute') return field.name
  if (field.kind === 'param') return `params.${quoted(field.name)}`
  return `metrics.${quoted(field.name)}.${field.of}`
}

/** Names with other characters than the language's words stand between backticks. */
function quoted(name: string): string {
  return /^[^\s()<>=!,"'`]+$/.test(name) ? name : `\`${name}\``
}

/** The attribute of that name or with that other name, whatever its case. */
export function attributeNamed(name: string): AttributeName | undefined {
  const wanted = name.toLowerCase()
  return ATTRIBUTE_NAMES.find((attribute) => {
    const spec: AttributeSpec = ATTRIBUTES[attribute]
    return attribute === wanted || spec.also?.includes(wanted)
  })
}

/**
 * What a name means: an attribute, `params.x`, `metrics.x` with or without `.last`, `.best`, `.min`, `.max`; a bare name
 * is an attribute, else a setting, else a figure (of evaluations without its eval_). `undefined`: no run has it.
 */
export function resolveField(name: string, known: KnownNames): Field | undefined {
  const [prefix, rest] = splitAtDot(name)
  if (prefix === 'params' || prefix === 'param')
    return knownParams(known).includes(rest) ? { kind: 'param', name: rest } : undefined
  if (prefix === 'metrics' || prefix === 'metric') return resolveMetric(rest, known)
  if (prefix === 'attributes') return resolveField(rest, known)
  const attribute = attributeNamed(name)
  if (attribute) return { kind: 'attribute', name: attribute }
  if (knownParams(known).includes(name)) return { kind: 'param', name }
  return resolveMetric(name, known)
}

function resolveMetric(written: string, known: KnownNames): Field | undefined {
  const aggregate = AGGREGATES.find((one) => written.endsWith(`.${one}`))
  const bare = aggregate ? written.slice(0, -aggregate.length - 1) : written
  const name = [bare, `eval_${bare}`].find((candidate) => knownMetrics(known).includes(candidate))
  if (name === undefined) return undefined
  const of = aggregate ?? defaultAggregate(name)
  return of === 'best' && !isEvaluation(name) ? undefined : { kind: 'metric', name, of }
}

function splitAtDot(name: string): [prefix: string, rest: string] {
  const at = name.indexOf('.')
  return at < 0 ? ['', name] : [name.slice(0, at).toLowerCase(), name.slice(at + 1)]
}

/** Every name that could be written, the short form where there is one. */
export function fieldNames(known: KnownNames): { name: string; help: string }[] {
  return [
    ...ATTRIBUTE_NAMES.map((name) => ({ name, help: ATTRIBUTES[name].help })),
    ...knownMetrics(known).flatMap((name) =>
      AGGREGATES.filter((of) => of !== 'best' || isEvaluation(name)).map((of) => ({
        name: of === defaultAggregate(name) ? `metrics.${quoted(name)}` : `metrics.${quoted(name)}.${of}`,
        help:
          of === 'best' ? 'at the best evaluation' : { last: 'newest', min: 'lowest', max: 'highest' }[of],
      })),
    ),
    ...knownParams(known).map((name) => ({ name: `params.${quoted(name)}`, help: 'Setting' })),
  ]
}
