/** What could be typed next: fields, then operators, then values, then AND and OR. */
import { choicesOf, fieldNames, fieldType, resolveField, type Field, type KnownNames } from './fields'
import { quote, tokenize, type Token } from './tokens'
import { COMPARISONS, FilterError } from './tree'

export interface Completion {
  /** What replaces the characters from `from` to `to`. */
  insert: string
  label: string
  detail: string
}

export interface Completions {
  from: number
  to: number
  options: Completion[]
}

const MOST = 12
const PLAIN = /^[^\s()<>=!,"'`]+$/

/** Offers for the caret at `caret`; none inside a quoted text. */
export function completions(text: string, caret: number, known: KnownNames): Completions {
  const tokens = tokensBefore(text, caret)
  if (tokens === null) return { from: caret, to: caret, options: [] }
  const last = tokens.at(-1)
  const isTouching = last?.kind === 'word' && last.to === caret
  const before = isTouching ? tokens.slice(0, -1) : tokens
  const typed = isTouching ? last.text : ''
  const from = isTouching ? last.from : caret
  const to = caret + (/^[^\s()<>=!,"'`]*/.exec(text.slice(caret))?.[0].length ?? 0)
  return { from, to, options: ranked(offers(before, known), typed) }
}

function tokensBefore(text: string, caret: number): Token[] | null {
  try {
    return tokenize(text.slice(0, caret)).slice(0, -1)
  } catch (error) {
    if (error instanceof FilterError) return null
    throw error
  }
}

function offers(before: readonly Token[], known: KnownNames): Completion[] {
  const last = before.at(-1)
  if (!last || isOneOf(last, 'and', 'or')) return terms(known)
  if (last.kind === 'operator' || isOneOf(last, 'like')) return values(fieldBefore(before, known), known)
  if (last.kind === '(' || last.kind === ',') return insideBracket(before, known)
  if (isOneOf(last, 'not')) return [...(before.length > 1 ? [] : terms(known)), ...negatable(before, known)]
  if (isOneOf(last, 'is')) return [option('null', 'has no value'), option('not null', 'has a value')]
  if (isOneOf(last, 'in')) return [option('(', 'values in brackets')]
  const field = last.kind === 'word' ? resolveField(last.text, known) : undefined
  if (field && !isValue(before)) return operators(field)
  return [option('and', 'both hold'), option('or', 'one holds'), ...terms(known)]
}

function negatable(before: readonly Token[], known: KnownNames): Completion[] {
  const name = before.at(-2)
  if (name?.kind !== 'word' || !resolveField(name.text, known) || isOneOf(name, 'and', 'or'))
    return terms(known)
  return [option('in', 'none of these'), option('like', 'does not look like it')]
}

/** Whether the last token is what a comparison compares with. */
function isValue(before: readonly Token[]): boolean {
  const previous = before.at(-2)
  return previous !== undefined && (previous.kind === 'operator' || isOneOf(previous, 'like', 'is', 'not'))
}

function insideBracket(before: readonly Token[], known: KnownNames): Completion[] {
  const open = before.findLastIndex(({ kind }) => kind === '(')
  const opener = before[open - 1]
  if (opener && isOneOf(opener, 'in')) return values(fieldBefore(before.slice(0, open), known), known)
  if (opener && isOneOf(opener, 'has')) return fields(known)
  return before.at(-1)!.kind === '(' ? terms(known) : []
}

/** The field that an operator, IN or LIKE at the end is about. */
function fieldBefore(before: readonly Token[], known: KnownNames): Field | undefined {
  const names = before.slice(0, -1).filter((token) => !isOneOf(token, 'not'))
  const name = names.at(-1)
  return name?.kind === 'word' ? resolveField(name.text, known) : undefined
}

function terms(known: KnownNames): Completion[] {
  return [...fields(known), option('not', 'the opposite'), option('has(', 'has a value')]
}

function fields(known: KnownNames): Completion[] {
  return fieldNames(known).map(({ name, help }) => option(name, help))
}

function operators(field: Field): Completion[] {
  const type = fieldType(field)
  const isText = ['text', 'tags', 'choice'].includes(type)
  const compared = isText || type === 'boolean' ? (['=', '!='] as const) : COMPARISONS
  return [
    ...compared.map((one) => option(one, OPERATOR_HELP[one])),
    option('in (', 'one of these'),
    ...(isText || type === 'any' ? [option('like', '% is any characters')] : []),
    option('is null', 'has no value'),
    option('is not null', 'has a value'),
  ]
}

const OPERATOR_HELP = {
  '=': 'equal',
  '!=': 'not equal',
  '<': 'less',
  '<=': 'at most',
  '>': 'more',
  '>=': 'at least',
} as const

function values(field: Field | undefined, known: KnownNames): Completion[] {
  if (!field) return []
  const type = fieldType(field)
  if (type === 'date')
    return [
      option('today', 'this day'),
      option('yesterday', 'the day before'),
      option('-7d', 'seven days ago'),
      option('-12h', 'twelve hours ago'),
    ]
  if (type === 'boolean') return [option('true', ''), option('false', '')]
  const texts = choicesOf(field) ?? knownValues(field, known)
  return texts.map((text) => option(PLAIN.test(text) ? text : quote(text), ''))
}

function knownValues(field: Field, known: KnownNames): readonly string[] {
  if (field.kind === 'param') return known.params[field.name] ?? []
  if (field.kind === 'metric') return []
  const lists: Partial<Record<string, readonly string[]>> = {
    tags: known.tags,
    dataset: known.datasets,
    model: known.models,
  }
  return lists[field.name] ?? []
}

/** Those that start with what was typed before those that contain it; short names first where nothing was. */
function ranked(options: readonly Completion[], typed: string): Completion[] {
  const wanted = typed.toLowerCase()
  const place = ({ label }: Completion): number => {
    const name = label.toLowerCase()
    if (name.startsWith(wanted)) return 0
    if (name.split(/[._]/).some((part) => part.startsWith(wanted))) return 1
    return name.includes(wanted) ? 2 : 3
  }
  return options
    .map((one) => ({ one, place: place(one) }))
    .filter(({ place, one }) => place < 3 && one.label !== typed)
    .sort((a, b) => a.place - b.place)
    .slice(0, MOST)
    .map(({ one }) => one)
}

function option(label: string, detail: string): Completion {
  return { insert: label, label, detail }
}

function isOneOf(token: Token, ...words: string[]): boolean {
  return token.kind === 'word' && words.includes(token.text.toLowerCase())
}
