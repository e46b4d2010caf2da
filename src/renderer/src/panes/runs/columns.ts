/** The columns of the table of runs: which there are at first, how each is headed and how its values are written. Pure. */
import { HEADLINES, metricLabel } from '../../../../shared/domain/metricNames'
import type { RunCatalogue, RunCell, ViewColumn } from '../../../../shared/domain/runTable'
import type { Problem } from '../../../../shared/domain/tasks'
import {
  ATTRIBUTES,
  defaultAggregate,
  fieldKey,
  fieldType,
  isEvaluation,
  resolveField,
  type Field,
  type KnownNames,
} from '../../../../shared/filter/fields'
import { formatBytes } from '../../format/bytes'
import { formatWhen } from '../../format/date'
import { formatDuration } from '../../format/duration'
import { formatMetric } from '../../format/metric'
import {
  formatCount,
  formatParameters,
  formatRate,
  formatReal,
  formatSetting,
  MISSING,
} from '../../format/number'

export interface RunColumn {
  key: string
  field: Field
  label: string
  /** The whole name, for a tooltip and for who cannot see the place. */
  title: string
  width: number
  isNumber: boolean
  isMono: boolean
  isPinned: boolean
  text: (cell: RunCell) => string
}

/** Shown before anybody chose: what runs are called, how good they are, in which settings they differ. */
export function automaticColumns(problems: readonly Problem[], catalogue: RunCatalogue): ViewColumn[] {
  const judged = problems.length === 1 ? HEADLINES[problems[0]!] : problems.map((one) => HEADLINES[one][0])
  const figures = [...new Set([...judged, 'loss'])].map((name) => `metrics.eval_${name}.best`)
  const keys = [
    'status',
    'name',
    'tags',
    ...figures,
    'metrics.loss.last',
    ...catalogue.varied
      .filter(isTelling)
      .slice(0, MOST_VARIED)
      .map((name) => `params.${name}`),
    'dataset',
    'model',
    'step',
    'rows_per_second',
    'duration',
    'created',
  ]
  return keys
    .filter((key) => resolveField(key, catalogue))
    .map((field) => ({ field, ...(ALWAYS_IN_SIGHT.includes(field) && { isPinned: true }) }))
}

const ALWAYS_IN_SIGHT: readonly string[] = ['status', 'name']
const MOST_VARIED = 4

/** Names, data and model have columns of their own; text of lists says little in a cell. */
function isTelling(param: string): boolean {
  return !/^(run_name|output_dir|dataset|columns|tokenizer|class_weights|model\b)/.test(param)
}

const WIDTHS: Readonly<Partial<Record<string, number>>> = {
  status: 52,
  name: 240,
  tags: 132,
  dataset: 132,
  model: 172,
  reason: 200,
  note: 200,
  duration: 84,
  created: 88,
  started: 88,
  ended: 88,
  step: 68,
  number: 48,
  rows_per_second: 64,
  config: 112,
  data_sha256: 112,
  tokenizer_sha256: 112,
}

/** `cells` tell whether a setting is a number. */
export function runColumn(
  { field: key, width, isPinned }: ViewColumn,
  known: KnownNames,
  cells: readonly RunCell[],
  problem: Problem | null,
): RunColumn | null {
  const field = resolveField(key.replace(/`/g, ''), known)
  if (!field) return null
  const label = labelOf(field, problem)
  const isNumber = isNumeric(field, cells)
  return {
    key: fieldKey(field),
    field,
    label,
    title: titleOf(field),
    width: width ?? WIDTHS[key] ?? Math.min(200, Math.max(76, 20 + 7.5 * label.length)),
    isNumber,
    isMono: field.kind === 'param' || (field.kind === 'attribute' && /config|sha256|^id$/.test(field.name)),
    isPinned: isPinned ?? false,
    text: writer(field),
  }
}

function isNumeric(field: Field, cells: readonly RunCell[]): boolean {
  if (field.kind === 'metric') return true
  if (field.kind === 'param') return typeof cells.find((cell) => cell !== null) === 'number'
  return ['number', 'bytes', 'duration', 'date'].includes(fieldType(field))
}

function labelOf(field: Field, problem: Problem | null): string {
  if (field.kind === 'attribute') return ATTRIBUTES[field.name].label
  if (field.kind === 'param') return field.name
  const plain = field.name === 'eval_loss' || !isEvaluation(field.name)
  const name = plain ? field.name : metricLabel(field.name.slice('eval_'.length), problem)
  return field.of === defaultAggregate(field.name) ? name : `${name}, ${field.of}`
}

function titleOf(field: Field): string {
  if (field.kind === 'attribute') return ATTRIBUTES[field.name].help
  if (field.kind === 'param') return `Setting ${field.name}`
  const which = { last: 'newest', best: 'at the best evaluation', min: 'lowest', max: 'highest' }[field.of]
  return `${field.name}, ${which}`
}

/** How a column's values are written. */
function writer(field: Field): (cell: RunCell) => string {
  if (field.kind === 'metric') {
    const name = field.name.replace(/^eval_/, '')
    return numeric((value) => (name === 'learning_rate' ? formatSetting(value) : formatMetric(name, value)))
  }
  if (field.kind === 'param') return (cell) => (cell === null ? MISSING : formatSetting(cell))
  switch (fieldType(field)) {
    case 'date':
      return numeric(formatWhen)
    case 'duration':
      return numeric(formatDuration)
    case 'bytes':
      return numeric(formatBytes)
    case 'number':
      return numeric(NUMBERS[field.name] ?? formatCount)
    case 'boolean':
      return (cell) => (cell === true ? 'yes' : '')
    case 'text':
      return (cell) => (/sha256/.test(field.name) ? String(cell ?? MISSING).slice(0, 12) : String(cell ?? ''))
    case 'any':
    case 'choice':
    case 'tags':
      return (cell) => (typeof cell === 'object' ? (cell?.join(', ') ?? '') : String(cell))
  }
}

const NUMBERS: Readonly<Partial<Record<string, (value: number) => string>>> = {
  epoch: formatReal,
  rows_per_second: formatRate,
  parameters: formatParameters,
  trainable_parameters: formatParameters,
}

function numeric(format: (value: number) => string): (cell: RunCell) => string {
  return (cell) => (typeof cell === 'number' ? format(cell) : MISSING)
}

/** A column moved to stand before another, or at the end. */
export function moveColumn(
  columns: readonly ViewColumn[],
  field: string,
  before: string | null,
): ViewColumn[] {
  const moved = columns.find((column) => column.field === field)
  if (!moved || field === before) return [...columns]
  const rest = columns.filter((column) => column.field !== field)
  const at = before === null ? rest.length : rest.findIndex((column) => column.field === before)
  return [...rest.slice(0, at), moved, ...rest.slice(at)]
}
