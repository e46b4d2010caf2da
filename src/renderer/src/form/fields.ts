/** The rows of the training form: every training argument, and the model settings that belong beside them. */
import { toJSONSchema, type ZodType } from 'zod'
import { MODEL_KINDS, type ModelKind } from '../../../shared/domain/augmentation'
import { ARGUMENT_GROUPS, type Argument, type ArgumentGroup } from '../../../shared/domain/argument'
import { TRAINING_ARGUMENTS } from '../../../shared/domain/trainingArguments'
import { HEADLINES } from '../../../shared/domain/metricNames'
import type { Problem } from '../../../shared/domain/tasks'
import { controlOf, type Control } from './controls'

/** A setting as its row shows it. */
export interface Field {
  name: string
  help: string
  control: Control
  default: unknown
  /** It names a model of this kind. */
  model?: ModelKind
}

export interface FormField extends Field {
  group: ArgumentGroup
  isAdvanced: boolean
  /** A field of the model's config.json: written to config_overrides, not to the top level. */
  isOverride: boolean
}

const ARGUMENT_FIELDS: FormField[] = (Object.entries(TRAINING_ARGUMENTS) as [string, Argument][]).map(
  ([name, argument]) => ({
    name,
    group: argument.group,
    help: argument.help,
    control: controlOf(argument.schema),
    default: argument.default,
    isAdvanced: argument.advanced ?? false,
    isOverride: false,
  }),
)

const number = { kind: 'number', isInteger: false, isNullable: false } as const

const MODEL_FIELDS: FormField[] = [
  {
    name: 'vocab_size',
    group: 'Model and data',
    help: 'Tokens of the WordPiece vocabulary that is trained on the training rows, where the model brings none.',
    control: { kind: 'number', isInteger: true, isNullable: false },
    default: 8000,
    isAdvanced: false,
    isOverride: false,
  },
  {
    name: 'hidden_dropout_prob',
    group: 'Regularization',
    help: 'Share of activations set to zero after embeddings, attention and feed-forward blocks.',
    control: number,
    default: 0.1,
    isAdvanced: false,
    isOverride: true,
  },
  {
    name: 'attention_probs_dropout_prob',
    group: 'Regularization',
    help: 'Share of attention weights set to zero.',
    control: number,
    default: 0.1,
    isAdvanced: true,
    isOverride: true,
  },
]

export const FORM_FIELDS: readonly FormField[] = ARGUMENT_GROUPS.flatMap((group) =>
  [...ARGUMENT_FIELDS, ...MODEL_FIELDS].filter((field) => field.group === group),
)

const byName = new Map(FORM_FIELDS.map((field) => [field.name, field]))

export function fieldNamed(name: string): FormField | undefined {
  return byName.get(name)
}

/** Of a schema that brings its help and default along. */
export function fieldOf(name: string, schema: ZodType): Field {
  const { default: value } = toJSONSchema(schema, { io: 'input' })
  const model = modelKindOf(schema.meta()?.model)
  const field = { name, help: schema.description ?? '', control: controlOf(schema), default: value ?? null }
  return model ? { ...field, model } : field
}

/** What a schema says under `model`. */
export function modelKindOf(value: unknown): ModelKind | undefined {
  return MODEL_KINDS.find((kind) => kind === value)
}

/** Values worth offering for a setting. */
export function suggestionsFor(name: string, problem: Problem): readonly string[] {
  return name === 'metric_for_best_model' ? ['loss', ...HEADLINES[problem]] : []
}

/** Whether two settings are the same value. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}
