/** What a filter becomes. Every condition holds or does not: a value that is missing meets none, and `not` meets the rest. */
import type { Field } from './fields'

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='
export const COMPARISONS: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>=']

/** A moment or a whole day, in milliseconds; `toMs` is the first that is no longer in it. */
export interface Span {
  fromMs: number
  toMs: number
}

export type Value = number | string | boolean | Span

export type Filter =
  | { kind: 'and' | 'or'; parts: readonly Filter[] }
  | { kind: 'not'; part: Filter }
  /** The words occur somewhere in what a run says of itself. */
  | { kind: 'text'; text: string }
  | { kind: 'compare'; field: Field; operator: Comparison; value: Value }
  | { kind: 'in'; field: Field; values: readonly Value[] }
  /** `%` is any characters, `_` one. */
  | { kind: 'like'; field: Field; pattern: string }
  | { kind: 'has'; field: Field }

/** A mistake, with the characters it is about. */
export class FilterError extends Error {
  constructor(
    message: string,
    readonly from: number,
    readonly to: number,
    readonly hint?: string,
  ) {
    super(message)
    this.name = 'FilterError'
  }
}
