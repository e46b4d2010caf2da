/** The value a token stands for beside a field: what a number, a date or a state may look like depends on the field. */
import { nearestName } from '../nearest'
import { choicesOf, fieldType, type Field, type FieldType } from './fields'
import { shown, wrong, type Token } from './tokens'
import type { Value } from './tree'
import { readBytes, readDate, readDuration, readNumber } from './values'

/** @throws FilterError */
export function valueOf(token: Token, field: Field, nowMs: number): Value {
  const word = token.text
  const found = readAs(token, field, nowMs)
  if (found !== undefined) return found
  const type = fieldType(field)
  const choices = choicesOf(field)
  if (choices) {
    const near = nearestName(word, choices)
    throw wrong(
      token,
      `${shown(token)} is none of its values.`,
      near ? `Did you mean ${near}?` : `They are ${choices.join(', ')}.`,
    )
  }
  const wanted: Partial<Record<FieldType, string>> = {
    number: 'A number should stand here, as 0.9 or 1e-4.',
    bytes: 'A size should stand here, as 500MB or 2GB.',
    duration: 'A time should stand here, as 90 (seconds), 10min or 1.5h.',
    date: 'A date should stand here, as 2026-11-21, "2026-11-21 14:30", today or -7d.',
    boolean: 'true or false should stand here.',
  }
  throw wrong(token, `${shown(token)} cannot be compared with it.`, wanted[type])
}

function readAs(token: Token, field: Field, nowMs: number): Value | undefined {
  const word = token.text
  switch (fieldType(field)) {
    case 'number':
      return token.kind === 'word' ? readNumber(word) : undefined
    case 'bytes':
      return token.kind === 'word' ? readBytes(word) : undefined
    case 'duration':
      return token.kind === 'word' ? readDuration(word) : undefined
    case 'date':
      return readDate(word, nowMs)
    case 'boolean':
      return { true: true, false: false }[word.toLowerCase()]
    case 'choice':
      return choicesOf(field)?.find((choice) => choice === word.toLowerCase())
    case 'any':
      return token.kind === 'word' ? (readNumber(word) ?? { true: true, false: false }[word] ?? word) : word
    case 'text':
    case 'tags':
      return word
  }
}
