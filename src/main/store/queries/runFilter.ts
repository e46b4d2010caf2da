/**
 * A filter as a condition over rows of `runs`. Names and values only ever become parameters. Every part is true or
 * false, never NULL, so that NOT is the complement.
 */
import { fieldType, type Field } from '../../../shared/filter/fields'
import type { Comparison, Filter, Span, Value } from '../../../shared/filter/tree'
import type { Params } from '../handles'
import { ATTRIBUTE_SQL, SEARCHED_SQL } from './runFields'

export interface Condition {
  sql: string
  params: Params
}

export function filterCondition(filter: Filter | null): Condition {
  const compiler = new Compiler()
  return { sql: filter === null ? '1' : compiler.condition(filter), params: compiler.params }
}

class Compiler {
  readonly params: Params = {}

  condition(filter: Filter): string {
    switch (filter.kind) {
      case 'and':
      case 'or':
        return `(${filter.parts.map((part) => this.condition(part)).join(filter.kind === 'and' ? ' AND ' : ' OR ')})`
      case 'not':
        return `(NOT ${this.condition(filter.part)})`
      case 'text':
        return this.text(filter.text)
      case 'has':
        return this.where(filter.field, (value) => `${value} IS NOT NULL AND ${value} <> ''`)
      case 'like': {
        const pattern = this.bind(filter.pattern)
        return this.where(filter.field, (value) => `${value} LIKE ${pattern}`)
      }
      case 'in':
        return `(${filter.values.map((value) => this.equal(filter.field, value)).join(' OR ')})`
      case 'compare':
        return this.comparison(filter.field, filter.operator, filter.value)
    }
  }

  private comparison(field: Field, operator: Comparison, value: Value): string {
    if (operator === '=') return this.equal(field, value)
    if (operator === '!=') return `(NOT ${this.equal(field, value)})`
    if (isSpan(value)) {
      // Later than a day is after its end, up to a day includes all of it.
      const bounds: Record<typeof operator, readonly [string, number]> = {
        '<': ['<', value.fromMs],
        '<=': ['<', value.toMs],
        '>': ['>=', value.toMs],
        '>=': ['>=', value.fromMs],
      }
      const [sql, bound] = bounds[operator]
      const parameter = this.bind(bound)
      return this.where(field, (one) => `${one} ${sql} ${parameter}`)
    }
    const parameter = this.bind(sqlValue(value))
    // To SQLite every text is larger than every number.
    return this.where(
      field,
      (one) => `typeof(${one}) IN ('integer', 'real') AND ${one} ${operator} ${parameter}`,
    )
  }

  private equal(field: Field, value: Value): string {
    if (isSpan(value)) {
      const [from, to] = [this.bind(value.fromMs), this.bind(value.toMs)]
      return this.where(field, (one) => `${one} >= ${from} AND ${one} < ${to}`)
    }
    const parameter = this.bind(fieldType(field) === 'boolean' ? Number(value) : sqlValue(value))
    return this.where(field, (one) => `${one} = ${parameter}`)
  }

  /** A condition on the field's value; of tags, that one of them meets it. */
  private where(field: Field, test: (value: string) => string): string {
    if (field.kind === 'attribute' && field.name !== 'tags')
      return `coalesce(${test(ATTRIBUTE_SQL[field.name])}, 0)`
    if (field.kind === 'attribute')
      return `EXISTS (SELECT 1 FROM run_tags WHERE run_id = runs.id AND ${test('tag')})`
    const name = this.bind(field.name)
    const [table, column] = field.kind === 'param' ? ['run_params', 'value'] : ['run_figures', field.of]
    return `EXISTS (SELECT 1 FROM ${table} AS own WHERE own.name = ${name} AND run_id = runs.id AND ${test(`own.${column}`)})`
  }

  private text(text: string): string {
    const pattern = this.bind(`%${text.replace(/[\\%_]/g, '\\$&')}%`)
    const places = SEARCHED_SQL.map((sql) => `coalesce(${sql} LIKE ${pattern} ESCAPE '\\', 0)`)
    const tags = `EXISTS (SELECT 1 FROM run_tags WHERE run_id = runs.id AND tag LIKE ${pattern} ESCAPE '\\')`
    return `(${[...places, tags].join(' OR ')})`
  }

  private bind(value: string | number): string {
    const name = `f${Object.keys(this.params).length}`
    this.params[name] = value
    return `$${name}`
  }
}

function sqlValue(value: number | string | boolean): string | number {
  return typeof value === 'boolean' ? String(value) : value
}

function isSpan(value: Value): value is Span {
  return typeof value === 'object'
}
