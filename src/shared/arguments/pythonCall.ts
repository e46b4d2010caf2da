/** The keyword arguments of a Python call such as `TrainingArguments(…)`, read without Python: literals alone. */
import { UserError } from '../errors'
import type { ImportedValue } from './formerNames'

/** A value that is no literal: a variable, a call, a sum. */
export interface Expression {
  expression: string
}

export type CallArguments = Map<string, ImportedValue | Expression>

/**
 * Finds the call of `name` (or of a name that ends so, as Seq2SeqTrainingArguments); undefined where there is none.
 * Its first argument may go without a name: it is `firstName`.
 * @throws UserError `bad-input` with the line where the text is no Python literal
 */
export function readPythonCall(
  source: string,
  { name, firstName }: { name: string; firstName: string },
): CallArguments | undefined {
  const found = new RegExp(`\\b\\w*${name}\\s*\\(`).exec(source)
  if (!found) return undefined
  return new Reader(source, found.index + found[0].length, firstName).callArguments()
}

const WORD = /[\p{L}_][\p{L}\p{N}_.]*/uy
const NUMBER = /[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y
const CONSTANTS: Readonly<Record<string, ImportedValue>> = { True: true, False: false, None: null }
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' }
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' }

class Reader {
  constructor(
    private readonly source: string,
    private at: number,
    /** What an argument without a name, first of all, is called. */
    private readonly firstName: string,
  ) {}

  callArguments(): CallArguments {
    const values: CallArguments = new Map()
    this.skip()
    if (/["'[{\d]/.test(this.source[this.at] ?? '')) {
      values.set(this.firstName, this.argument())
      this.skip()
      this.take(',')
    }
    while (!this.takeNext(')')) {
      if (this.source.startsWith('**', this.at)) {
        this.at += 2
        throw this.error('Arguments from a variable (**) cannot be read.')
      }
      const name = this.match(WORD)
      this.skip()
      if (name === undefined || !this.take('=')) throw this.error('Expected name=value.')
      values.set(name, this.argument())
      this.skip()
      if (!this.take(',') && this.source[this.at] !== ')') throw this.error('Expected a comma or ).')
    }
    return values
  }

  /** A literal, or the text of whatever else stands before the comma. */
  private argument(): ImportedValue | Expression {
    this.skip()
    const start = this.at
    const literal = this.literal()
    this.skip()
    if (literal !== undefined && (this.source[this.at] === ',' || this.source[this.at] === ')'))
      return literal
    this.at = start
    this.skipExpression()
    return { expression: this.source.slice(start, this.at).trim() }
  }

  private literal(): ImportedValue | undefined {
    this.skip()
    const next = this.source[this.at] ?? ''
    if (next === '"' || next === "'") return this.text()
    if (next === '[' || next === '(') return this.list(CLOSING[next]!)
    if (next === '{') return this.dict()
    const number = this.match(NUMBER)
    if (number !== undefined) return Number(number.replaceAll('_', ''))
    const word = this.match(WORD)
    if (word === undefined) return undefined
    if (word in CONSTANTS) return CONSTANTS[word]
    // A member of an enum, as IntervalStrategy.STEPS: its value is the name in small letters.
    const member = /^(?:\w+\.)*\w*(?:Strategy|Type|Names|Option)\.([A-Z_]+)$/.exec(word)
    return member ? member[1]!.toLowerCase() : undefined
  }

  private list(closing: string): ImportedValue | undefined {
    this.at++
    const items: ImportedValue[] = []
    let hasComma = false
    while (!this.takeNext(closing)) {
      const item = this.literal()
      if (item === undefined) return undefined
      items.push(item)
      this.skip()
      if (this.take(',')) hasComma = true
      else if (this.source[this.at] !== closing) return undefined
    }
    return closing === ')' && items.length === 1 && !hasComma ? items[0] : items
  }

  private dict(): ImportedValue | undefined {
    this.at++
    const entries: [string, ImportedValue][] = []
    while (!this.takeNext('}')) {
      const key = this.literal()
      this.skip()
      if (typeof key !== 'string' || !this.take(':')) return undefined
      const value = this.literal()
      if (value === undefined) return undefined
      entries.push([key, value])
      this.skip()
      if (!this.take(',') && this.source[this.at] !== '}') return undefined
    }
    return Object.fromEntries(entries)
  }

  private text(): string {
    const quote = this.source[this.at]!
    const mark = this.source.startsWith(quote.repeat(3), this.at) ? quote.repeat(3) : quote
    this.at += mark.length
    let value = ''
    while (!this.source.startsWith(mark, this.at)) {
      const char = this.source[this.at]
      if (char === undefined) throw this.error('A text has no end.')
      if (char === '\\') {
        const next = this.source[this.at + 1] ?? ''
        value += ESCAPES[next] ?? next
        this.at += 2
      } else {
        value += char
        this.at++
      }
    }
    this.at += mark.length
    return value
  }

  private skipExpression(): void {
    const open: string[] = []
    for (; this.at < this.source.length; this.at++) {
      const char = this.source[this.at]!
      if (char === '"' || char === "'") {
        this.text()
        this.at--
      } else if (CLOSING[char]) open.push(CLOSING[char])
      else if (open.length > 0 && char === open.at(-1)) open.pop()
      else if (open.length === 0 && (char === ',' || char === ')')) return
    }
    throw this.error('The call has no end.')
  }

  /** White space and comments. */
  private skip(): void {
    const blank = /(?:\s|#[^\n]*|\\\n)*/y
    blank.lastIndex = this.at
    this.at += blank.exec(this.source)![0].length
    if (this.at >= this.source.length) throw this.error('The call has no end.')
  }

  private takeNext(char: string): boolean {
    this.skip()
    return this.take(char)
  }

  private take(char: string): boolean {
    if (this.source[this.at] !== char) return false
    this.at++
    return true
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.source)?.[0]
    this.at += found?.length ?? 0
    return found
  }

  private error(message: string): UserError {
    const row = this.source.slice(0, this.at).split('\n').length
    return new UserError('bad-input', message, {
      where: { row },
      hint: 'Give the arguments as literals: numbers, texts, True, False, None.',
    })
  }
}
