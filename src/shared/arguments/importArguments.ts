/** Arguments of the Transformers Trainer from JSON, YAML or Python: what each becomes here, one line an argument. */
import { parse as parseYaml } from 'yaml'
import { isHarmless, REFUSED_ARGUMENTS } from '../domain/refusedArguments'
import { TRAINING_ARGUMENTS } from '../domain/trainingArguments'
import { UserError } from '../errors'
import { nearestName } from '../nearest'
import { FORMER_NAMES, SAME_OPTIMIZER, type ImportedValue } from './formerNames'
import { type CallArguments, type Expression, readPythonCall } from './pythonCall'

export interface ImportedArgument {
  name: string
  /** As it was written. */
  given: string
  /**
   * kept: the same name and meaning; mapped: another name or value, see the note; dropped: changes nothing about the
   * model; refused: asks for what cannot be done, or is not understood.
   */
  outcome: 'kept' | 'mapped' | 'dropped' | 'refused'
  /** Settings of the run config it becomes. */
  set: Record<string, ImportedValue>
  note: string
}

export interface ImportedArguments {
  settings: Record<string, ImportedValue>
  report: ImportedArgument[]
}

/** @throws UserError `bad-input` where the text is none of the three, with the line where known */
export function importArguments(text: string): ImportedArguments {
  const report = [...readArguments(text)].map(([name, value]) => importOne(name, value))
  const settings: Record<string, ImportedValue> = {}
  // An argument under its own name goes before one that an older name stands for.
  const ranked = [...report].sort((a, b) => Number(a.outcome === 'kept') - Number(b.outcome === 'kept'))
  for (const { set } of ranked) Object.assign(settings, set)
  return { settings, report }
}

function readArguments(text: string): CallArguments {
  const call = readPythonCall(text, { name: 'TrainingArguments', firstName: 'output_dir' })
  if (call) {
    // The Trainer takes early stopping as a callback.
    const stopping = { name: 'EarlyStoppingCallback', firstName: 'early_stopping_patience' }
    for (const [name, value] of readPythonCall(text, stopping) ?? []) call.set(name, value)
    return call
  }
  const raw = text.trimStart().startsWith('{') ? fromJson(text) : fromYaml(text)
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new UserError('bad-input', 'There are no arguments in this text.', {
      hint: 'Give a JSON object, YAML of name: value lines, or a Python TrainingArguments(…) call.',
    })
  return new Map(Object.entries(raw as Record<string, ImportedValue>))
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError('bad-input', `This is not valid JSON: ${(error as Error).message}.`, { cause: error })
  }
}

function fromYaml(text: string): unknown {
  try {
    return parseYaml(text)
  } catch (error) {
    const [line] = (error as Error).message.split('\n')
    throw new UserError('bad-input', `This is neither JSON nor YAML nor a Python call: ${line!}`, {
      cause: error,
    })
  }
}

function importOne(name: string, value: ImportedValue | Expression): ImportedArgument {
  const isExpression = typeof value === 'object' && value !== null && 'expression' in value
  const entry = (
    outcome: ImportedArgument['outcome'],
    note: string,
    set: Record<string, ImportedValue> = {},
  ): ImportedArgument => ({
    name,
    given: isExpression ? (value as Expression).expression : JSON.stringify(value),
    outcome,
    set,
    note,
  })
  if (isExpression) return entry('refused', 'Not a literal: write its value.')
  const former = FORMER_NAMES[name]
  if (former) {
    const { set, note } = former(value)
    return entry(Object.keys(set).length > 0 ? 'mapped' : 'dropped', note, set)
  }
  if (name in TRAINING_ARGUMENTS) return importKnown(name, value, entry)
  const refused = REFUSED_ARGUMENTS[name]
  if (refused)
    return entry(refused.isBesideTraining || isHarmless(refused, value) ? 'dropped' : 'refused', refused.why)
  const near = nearestName(name, [...Object.keys(TRAINING_ARGUMENTS), ...Object.keys(FORMER_NAMES)])
  return entry('refused', `Unknown argument.${near ? ` Did you mean ${near}?` : ''}`)
}

type Entry = (
  outcome: ImportedArgument['outcome'],
  note: string,
  set?: Record<string, ImportedValue>,
) => ImportedArgument

function importKnown(name: string, value: ImportedValue, entry: Entry): ImportedArgument {
  const { schema, default: otherwise } = TRAINING_ARGUMENTS[name as keyof typeof TRAINING_ARGUMENTS]
  if (name === 'optim' && typeof value === 'string' && value in SAME_OPTIMIZER) {
    const same = SAME_OPTIMIZER[value]!
    return entry('mapped', same.note, { optim: same.name })
  }
  if (name === 'train_sampling_strategy' && value === 'group_by_length')
    return entry('dropped', 'Rows are sorted by length inside each batch already.')
  // None asks for the default.
  if (value === null && !schema.safeParse(null).success)
    return entry('kept', 'None is the default.', { [name]: otherwise as ImportedValue })
  if ((name === 'eval_steps' || name === 'save_total_limit') && value === 0)
    return entry('mapped', '0 means none.', { [name]: null })
  const given = name === 'lr_scheduler_kwargs' && typeof value === 'string' ? jsonIn(value) : value
  const checked = schema.safeParse(given)
  if (!checked.success) return entry('refused', `${checked.error.issues[0]!.message}.`)
  return entry('kept', '', { [name]: given })
}

/** Dicts may be written as JSON in a text. */
function jsonIn(text: string): ImportedValue {
  try {
    return JSON.parse(text) as ImportedValue
  } catch {
    return text
  }
}
