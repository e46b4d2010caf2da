/** Patterns of tokenizer.json: a literal string, or an Oniguruma expression translated to JavaScript's. */
import { z } from 'zod'
import { UserError } from '../../../shared/errors'

export const Pattern = z.union([
  z.object({ String: z.string() }),
  z.object({ Regex: z.string() }),
  z.string(),
])
export type Pattern = z.infer<typeof Pattern>

/** @returns a global, Unicode-aware expression. @throws UserError('unsupported') for what JavaScript lacks. */
export function compilePattern(pattern: Pattern): RegExp {
  if (typeof pattern === 'string') return literal(pattern)
  if ('String' in pattern) return literal(pattern.String)
  try {
    return new RegExp(translate(pattern.Regex), 'gu')
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw unsupported(pattern.Regex, cause)
  }
}

export function literal(text: string): RegExp {
  return new RegExp(escapeRegExp(text), 'gu')
}

export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function unsupported(source: string, cause?: unknown): UserError {
  return new UserError(
    'unsupported',
    `The tokenizer splits with an expression that cannot be read: ${source}`,
    {
      hint: 'Possessive quantifiers, atomic groups and inline flags other than (?i:…) are not supported.',
      cause,
    },
  )
}

const OUTSIDE: Record<string, string> = {
  s: '\\p{White_Space}',
  S: '\\P{White_Space}',
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]',
  W: '[^\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]',
  h: '[0-9a-fA-F]',
  A: '(?<![^])',
  z: '(?![^])',
}
const INSIDE: Record<string, string> = {
  ...OUTSIDE,
  w: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}',
  h: '0-9a-fA-F',
}
const KEPT_ESCAPES = new Set('nrtfvbBpPux0123456789k')
const SYNTAX = new Set('\\^$.*+?()[]{}|/-')
/** Letters that fold onto another under (?i:…). */
const EXTRA_FOLDS: Record<string, string> = { s: 'ſ', k: '\u212a' }

function translate(source: string): string {
  let out = ''
  let inClass = false
  /** Depth of the groups opened so far, each with its case sensitivity. */
  const ignoreCase: boolean[] = [false]
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!
    const folds = ignoreCase.at(-1)!
    if (char === '\\') {
      const next = source[++i] ?? ''
      const table = inClass ? INSIDE : OUTSIDE
      if (inClass && (next === 'W' || next === 'A' || next === 'z')) throw unsupported(source)
      if ((next === 'p' || next === 'P') && source[i + 1] === '{') {
        const end = source.indexOf('}', i)
        out += char + source.slice(i, end + 1)
        i = end
      } else if (table[next] !== undefined) out += table[next]
      else if (KEPT_ESCAPES.has(next)) out += char + next
      else out += SYNTAX.has(next) ? escaped(next, inClass) : next
    } else if (inClass) {
      if (char === '[') throw unsupported(source)
      if (char === ']') inClass = false
      out += char
    } else if (char === '[') {
      inClass = true
      out += char
      if (source[i + 1] === '^') out += source[++i]!
      if (source[i + 1] === ']') {
        out += '\\]'
        i++
      }
    } else if (char === '(') {
      if (source.startsWith('(?i:', i)) {
        out += '(?:'
        i += 3
        ignoreCase.push(true)
      } else {
        out += char
        ignoreCase.push(folds)
      }
    } else if (char === ')') {
      ignoreCase.pop()
      out += char
    } else if (char === '.') out += '[^\\n]'
    else if (char === '^') out += '(?<![^\\n])'
    else if (char === '$') out += '(?![^\\n])'
    else if (folds && /[a-zA-Z]/.test(char)) {
      const lower = char.toLowerCase()
      out += `[${lower}${lower.toUpperCase()}${EXTRA_FOLDS[lower] ?? ''}]`
    } else out += char
  }
  return out
}

function escaped(char: string, inClass: boolean): string {
  return char === '-' && !inClass ? '-' : `\\${char}`
}
