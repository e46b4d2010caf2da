/** Which control a setting gets, read off its schema, so that a new argument needs no form code. */
import { toJSONSchema, type ZodType } from 'zod'

export type Control =
  | { kind: 'switch' }
  | { kind: 'choice'; options: (string | boolean | null)[] }
  | { kind: 'number'; isInteger: boolean; isNullable: boolean }
  | { kind: 'text'; isNullable: boolean }
  | { kind: 'json' }

export interface JsonSchema {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
}

export function controlOf(schema: ZodType): Control {
  return controlOfJson(toJSONSchema(schema, { unrepresentable: 'any' }))
}

export function controlOfJson(schema: JsonSchema): Control {
  if (schema.enum) return { kind: 'choice', options: schema.enum as string[] }
  if (schema.anyOf) return fromUnion(schema.anyOf)
  const { type } = schema
  if (Array.isArray(type)) return fromUnion(type.map((one) => ({ type: one })))
  if (type === 'boolean') return { kind: 'switch' }
  if (type === 'integer' || type === 'number')
    return { kind: 'number', isInteger: type === 'integer', isNullable: false }
  if (type === 'string') return { kind: 'text', isNullable: false }
  return { kind: 'json' }
}

function fromUnion(parts: JsonSchema[]): Control {
  const isNullable = parts.some((part) => part.type === 'null')
  const rest = parts.filter((part) => part.type !== 'null')
  const constants = rest.filter((part) => part.const !== undefined).map((part) => part.const as string)
  if (constants.length > 0) return { kind: 'choice', options: [...(isNullable ? [null] : []), ...constants] }
  const inner = rest.length === 1 ? controlOfJson(rest[0]!) : ({ kind: 'json' } as const)
  if (!isNullable) return inner
  switch (inner.kind) {
    case 'switch':
      return { kind: 'choice', options: [null, true, false] }
    case 'number':
    case 'text':
      return { ...inner, isNullable }
    case 'choice':
      return { kind: 'choice', options: [null, ...inner.options] }
    case 'json':
      return inner
  }
}

/** What typed text means to a control. Text that means nothing is kept: the check says what is wrong with it. */
export function parseTyped(control: Control, text: string): unknown {
  const trimmed = text.trim()
  switch (control.kind) {
    case 'number': {
      if (trimmed === '') return control.isNullable ? null : ''
      const number = Number(trimmed.replace(/,(?=\d{3}\b)/g, '').replace('−', '-'))
      return Number.isFinite(number) ? number : trimmed
    }
    case 'text':
      return trimmed === '' && control.isNullable ? null : trimmed
    case 'json':
      try {
        return trimmed === '' ? {} : (JSON.parse(trimmed) as unknown)
      } catch {
        return trimmed
      }
    case 'switch':
    case 'choice':
      return trimmed
  }
}
