/** A filter cut into tokens: brackets, commas, operators, quoted texts, words. A word is anything without a space. */
import { FilterError } from './tree'

export interface Token {
  kind: '(' | ')' | ',' | 'operator' | 'quoted' | 'word' | 'end'
  /** A word as written, a quoted text without its quotes, an operator. */
  text: string
  from: number
  to: number
}

const SPACE = /\s/
const WORD = /[^\s()<>=!,"'`]/
const OPERATOR = /^(<=|>=|!=|<>|==|=|<|>)/

/** @throws FilterError for a quote that is not closed and for a lone `!` */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const character = text[at]!
    if (SPACE.test(character)) at++
    else {
      const token = tokenAt(text, at)
      tokens.push(token)
      at = token.to
    }
  }
  return [...tokens, { kind: 'end', text: '', from: text.length, to: text.length }]
}

function tokenAt(text: string, from: number): Token {
  const character = text[from]!
  if (character === '(' || character === ')' || character === ',')
    return { kind: character, text: character, from, to: from + 1 }
  if (character === '"' || character === "'") return quotedAt(text, from, character)
  const operator = OPERATOR.exec(text.slice(from, from + 2))?.[0]
  if (operator !== undefined) return { kind: 'operator', text: operator, from, to: from + operator.length }
  if (character === '!') throw new FilterError('! stands alone.', from, from + 1, 'Write != or not.')
  return wordAt(text, from)
}

/** Quotes inside are doubled or follow a backslash. */
function quotedAt(text: string, from: number, quote: string): Token {
  let content = ''
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at]!
    if (character === '\\' && (text[at + 1] === quote || text[at + 1] === '\\')) content += text[++at]!
    else if (character === quote && text[at + 1] === quote) content += text[++at]!
    else if (character === quote) return { kind: 'quoted', text: content, from, to: at + 1 }
    else content += character
  }
  throw new FilterError(
    'This quote is not closed.',
    from,
    text.length,
    `Add ${quote} at the end of the text.`,
  )
}

/** Parts between backticks may hold anything: params.`class_weights.good news`. */
function wordAt(text: string, from: number): Token {
  let at = from
  let word = ''
  while (at < text.length) {
    if (text[at] === '`') {
      const end = text.indexOf('`', at + 1)
      if (end < 0)
        throw new FilterError('This backtick is not closed.', at, text.length, 'Add ` after the name.')
      word += text.slice(at + 1, end)
      at = end + 1
    } else if (WORD.test(text[at]!)) word += text[at++]!
    else break
  }
  return { kind: 'word', text: word, from, to: at }
}

/** A text as a filter writes it. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`
}

/** A token in a sentence. */
export function shown(token: Token): string {
  return token.kind === 'end' ? 'The end' : token.kind === 'quoted' ? `"${token.text}"` : token.text
}

/** A mistake that this token makes. */
export function wrong(token: Token, message: string, hint?: string): FilterError {
  return new FilterError(message, token.from, Math.max(token.to, token.from + 1), hint)
}
