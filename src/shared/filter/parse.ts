/**
 * Text → Filter. Conditions are joined by AND, OR and NOT (any case), AND where nothing stands between them; words that
 * are no condition are searched for. Names are checked against those that runs have.
 *
 *   filter    = and { OR and }            and = not { [AND] not }        not = NOT not | primary
 *   primary   = ( filter ) | has ( field ) | field condition | word | "text"
 *   condition = (= != < <= > >=) value | [NOT] IN ( value , … ) | [NOT] LIKE text | IS [NOT] NULL
 */
import { nearestName } from '../nearest'
import { fieldNames, fieldType, resolveField, type Field, type FieldType, type KnownNames } from './fields'
import { shown, tokenize, wrong, type Token } from './tokens'
import { valueOf } from './typed'
import { FilterError, type Comparison, type Filter, type Value } from './tree'

export interface FilterContext {
  known: KnownNames
  /** What "-7d" and "today" count from. */
  nowMs: number
}

/** `null` where the text says nothing. @throws FilterError */
export function parseFilter(text: string, context: FilterContext): Filter | null {
  const tokens = tokenize(text)
  return tokens.length === 1 ? null : new Parser(tokens, context).parse()
}

/** The mistake in a filter, or null. */
export function filterMistake(text: string, context: FilterContext): FilterError | null {
  try {
    parseFilter(text, context)
    return null
  } catch (error) {
    if (error instanceof FilterError) return error
    throw error
  }
}

const ORDERED: readonly FieldType[] = ['number', 'bytes', 'duration', 'date', 'any']
/** Deep enough for a person, shallow enough for any stack. */
const DEEPEST = 100

class Parser {
  private at = 0
  private depth = 0

  constructor(
    private readonly tokens: readonly Token[],
    private readonly context: FilterContext,
  ) {}

  parse(): Filter {
    const filter = this.or()
    const next = this.peek()
    if (next.kind !== 'end') throw wrong(next, `${shown(next)} has no place here.`, hintFor(next))
    return filter
  }

  private or(): Filter {
    return join(
      'or',
      this.list(() => this.and(), 'or'),
    )
  }

  private and(): Filter {
    const parts = [this.not()]
    while (this.isWord('and') || this.startsTerm()) {
      if (this.isWord('and')) this.next()
      parts.push(this.not())
    }
    return join('and', parts)
  }

  private list(part: () => Filter, word: string): Filter[] {
    const parts = [part()]
    while (this.isWord(word)) {
      this.next()
      parts.push(part())
    }
    return parts
  }

  private not(): Filter {
    if (!this.isWord('not')) return this.primary()
    this.deeper()
    this.next()
    const part = this.not()
    this.depth--
    return { kind: 'not', part }
  }

  private primary(): Filter {
    const token = this.next()
    if (token.kind === '(') return this.bracketed(token)
    if (token.kind === 'quoted') return this.searched(token)
    if (token.kind !== 'word')
      throw wrong(token, `${shown(token)} where a condition should be.`, hintFor(token))
    if (isKeyword(token)) throw wrong(token, `A condition should stand before ${token.text}.`)
    if (token.text.toLowerCase() === 'has' && this.peek().kind === '(') return this.has()
    if (!this.startsCondition()) return this.searched(token)
    return this.condition(this.field(token), token)
  }

  private bracketed(open: Token): Filter {
    this.deeper()
    const filter = this.or()
    if (this.peek().kind !== ')')
      throw wrong(open, 'This bracket is not closed.', 'Add ) where it should end.')
    this.next()
    this.depth--
    return filter
  }

  private has(): Filter {
    this.next()
    const field = this.field(this.next())
    this.expect(')', 'has() takes one field')
    return { kind: 'has', field }
  }

  private searched(token: Token): Filter {
    const after = this.peek()
    if (token.kind === 'quoted' && after.kind === 'operator')
      throw wrong(
        token,
        'A field should stand before the comparison.',
        'Field names are written without quotes.',
      )
    return { kind: 'text', text: token.text }
  }

  private condition(field: Field, name: Token): Filter {
    const token = this.next()
    const isNegated = token.kind === 'word' && token.text.toLowerCase() === 'not'
    const word = isNegated ? this.next() : token
    const negate = (filter: Filter): Filter => (isNegated ? { kind: 'not', part: filter } : filter)
    if (word.kind === 'operator') return this.comparison(field, name, word)
    if (word.text.toLowerCase() === 'in') return negate({ kind: 'in', field, values: this.values(field) })
    if (word.text.toLowerCase() === 'like')
      return negate({ kind: 'like', field, pattern: this.pattern(field, word) })
    return this.isNull(field)
  }

  private comparison(field: Field, name: Token, token: Token): Filter {
    const operator = ({ '==': '=', '<>': '!=' }[token.text] ?? token.text) as Comparison
    const type = fieldType(field)
    const isOrder = operator !== '=' && operator !== '!='
    if (isOrder && !ORDERED.includes(type))
      throw wrong(
        token,
        `${name.text} cannot be larger or smaller.`,
        `It takes =, !=, in${likes(type) ? ', like' : ''}.`,
      )
    const at = this.peek()
    const value = this.value(field)
    if (isOrder && typeof value !== 'number' && typeof value !== 'object')
      throw wrong(at, `${token.text} compares numbers; ${shown(at)} is none.`)
    return { kind: 'compare', field, operator, value }
  }

  private values(field: Field): Value[] {
    this.expect('(', 'IN takes its values in brackets: in (a, b)')
    const values = [this.value(field)]
    while (this.peek().kind === ',') {
      this.next()
      values.push(this.value(field))
    }
    this.expect(')', 'The values of IN are parted by commas and end with )')
    return values
  }

  private pattern(field: Field, like: Token): string {
    if (!likes(fieldType(field))) throw wrong(like, 'LIKE compares texts.', 'Use =, <, > or IN here.')
    const token = this.next()
    if (token.kind !== 'quoted' && token.kind !== 'word')
      throw wrong(token, 'A text should follow LIKE.', 'As in name like "%small%".')
    return token.text
  }

  private isNull(field: Field): Filter {
    const isNot = this.isWord('not')
    if (isNot) this.next()
    const token = this.next()
    if (token.text.toLowerCase() !== 'null')
      throw wrong(token, 'NULL should follow IS.', 'As in note is null.')
    const has: Filter = { kind: 'has', field }
    return isNot ? has : { kind: 'not', part: has }
  }

  private field(token: Token): Field {
    const { known } = this.context
    const field = token.kind === 'word' ? resolveField(token.text, known) : undefined
    if (field) return field
    if (token.kind !== 'word') throw wrong(token, 'The name of a field should stand here.')
    if (/\.best$/.test(token.text) && resolveField(token.text.replace(/best$/, 'last'), known))
      throw wrong(token, 'Training figures have no best evaluation.', 'They have .last, .min and .max.')
    const names = fieldNames(known).map(({ name }) => name)
    const near = nearestName(token.text, [
      ...names,
      ...names.map((name) => name.replace(/^(params\.|metrics\.(eval_)?)/, '')),
    ])
    throw wrong(token, `No run has ${token.text}.`, near ? `Did you mean ${near}?` : undefined)
  }

  private value(field: Field): Value {
    const token = this.next()
    if (token.kind !== 'word' && token.kind !== 'quoted')
      throw wrong(
        token,
        token.kind === 'end' ? 'A value is missing at the end.' : 'A value should stand here.',
      )
    return valueOf(token, field, this.context.nowMs)
  }

  private startsCondition(): boolean {
    const { kind, text } = this.peek()
    if (kind === 'operator') return true
    if (kind !== 'word') return false
    const after = this.tokens[this.at + 1]
    const word = (text === '' ? '' : text).toLowerCase()
    if (word === 'in') return after?.kind === '('
    if (word === 'like') return after?.kind === 'quoted' || after?.kind === 'word'
    if (word === 'is') return after?.kind === 'word' && ['null', 'not'].includes(after.text.toLowerCase())
    return word === 'not' && after?.kind === 'word' && ['in', 'like'].includes(after.text.toLowerCase())
  }

  private startsTerm(): boolean {
    const token = this.peek()
    if (token.kind === 'word') return !isKeyword(token) || token.text.toLowerCase() === 'not'
    return token.kind === '(' || token.kind === 'quoted'
  }

  private deeper(): void {
    if (++this.depth > DEEPEST) throw wrong(this.peek(), 'The filter is nested too deeply.')
  }

  private expect(kind: Token['kind'], what: string): void {
    const token = this.next()
    if (token.kind !== kind) throw wrong(token, `${what}.`)
  }

  private isWord(word: string): boolean {
    const token = this.peek()
    return token.kind === 'word' && token.text.toLowerCase() === word
  }

  private peek(): Token {
    return this.tokens[this.at]!
  }

  private next(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.at++
    return token
  }
}

function likes(type: FieldType): boolean {
  return type === 'text' || type === 'tags' || type === 'any' || type === 'choice'
}

function join(kind: 'and' | 'or', parts: readonly Filter[]): Filter {
  return parts.length === 1 ? parts[0]! : { kind, parts }
}

function isKeyword(token: Token): boolean {
  return token.kind === 'word' && ['and', 'or', 'not'].includes(token.text.toLowerCase())
}

function hintFor(token: Token): string | undefined {
  if (token.kind === ')') return 'There is no ( that it closes.'
  return token.kind === 'operator' ? 'A comparison needs a field on its left: accuracy > 0.9.' : undefined
}
