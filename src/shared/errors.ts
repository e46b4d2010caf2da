/**
 * Two kinds of errors. A UserError is expected, worded for a person and says what to do.
 * Everything else is a bug: `invariant` throws it, it is logged with its stack and shown as "internal error".
 */

export const ERROR_CODES = [
  'bad-input', // a file, row or field is not what it should be
  'bad-config', // a setting is unknown, ill-typed or contradicts another
  'not-found', // a run, dataset, file or model does not exist
  'conflict', // somebody else owns it, or its state does not allow the action
  'unsupported', // understood, and refused: says what is supported instead
  'io', // disk full, read-only, unreadable
  'corrupt', // a checksum, header or length lies
  'environment', // the machine lacks something: provider, library
  'out-of-memory', // the machine's memory does not hold it
  'diverged', // the loss became NaN or infinite
  'cancelled', // the user stopped it; not shown as an error
  'newer-version', // written by a newer Tunesmith
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

export interface ErrorPlace {
  file?: string
  /** 1-based row of a data file (the header is row 1 in delimited files). */
  row?: number
  field?: string
  /** Engine node or module path, as `bert.encoder.layer.3.attention`. */
  node?: string
}

export interface UserErrorData {
  code: ErrorCode
  message: string
  where?: ErrorPlace
  /** What to do next, one sentence. */
  hint?: string
}

export class UserError extends Error implements UserErrorData {
  readonly code: ErrorCode
  readonly where?: ErrorPlace
  readonly hint?: string

  constructor(
    code: ErrorCode,
    message: string,
    more: { where?: ErrorPlace; hint?: string; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'UserError'
    this.code = code
    if (more.where) this.where = more.where
    if (more.hint) this.hint = more.hint
  }

  toData(): UserErrorData {
    return {
      code: this.code,
      message: this.message,
      ...(this.where && { where: this.where }),
      ...(this.hint && { hint: this.hint }),
    }
  }

  static from(data: UserErrorData): UserError {
    return new UserError(data.code, data.message, {
      ...(data.where && { where: data.where }),
      ...(data.hint && { hint: data.hint }),
    })
  }
}

/** A claim the code relies on. A failure is a bug, never the user's doing. */
export function invariant(claim: unknown, message: string): asserts claim {
  if (!claim) throw new Error(`invariant: ${message}`)
}

export function cancelled(): UserError {
  return new UserError('cancelled', 'Cancelled.')
}

/** One line for a log or a terminal: message, place, hint. */
export function describeError(error: UserErrorData): string {
  const { file, row, field, node } = error.where ?? {}
  const place = [file, row !== undefined && `row ${row}`, field && `field ${field}`, node]
    .filter(Boolean)
    .join(', ')
  return [error.message, place && `(${place})`, error.hint].filter(Boolean).join(' ')
}
