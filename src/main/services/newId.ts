/** Identifiers: 12 letters and digits (60 random bits), the first a letter, easy to type and safe in file names. */
import { randomBytes } from 'node:crypto'

/** Crockford's base 32: no i, l, o, u. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 12

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the brand is chosen by the caller
export function newId<Id extends string>(): Id {
  const letters = [...randomBytes(LENGTH)].map((byte) => DIGITS[byte % 32]!)
  letters[0] = DIGITS[10 + (randomBytes(1)[0]! % 22)]!
  return letters.join('') as Id
}
