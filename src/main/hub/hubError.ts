/** What the Hub's refusals and a broken network mean, in sentences. */
import { UserError } from '../../shared/errors'
import type { HubAccess } from './access'

/** A refusal with its status, as the client's own error has it. */
export class HubStatusError extends Error {
  constructor(
    message: string,
    readonly statusCode: number,
  ) {
    super(message)
  }
}

/** Worth another try: the network, or a server that is busy. */
export function isPassing(error: unknown): boolean {
  if (error instanceof UserError) return false
  const status = statusOf(error)
  return status === null || status === 408 || status === 429 || status >= 500
}

/** @param what the model asked about, or null for a search */
export function explainHubError(
  error: unknown,
  what: string | null,
  { endpoint, token }: HubAccess,
): UserError {
  if (error instanceof UserError) return error
  const host = new URL(endpoint).host
  const status = statusOf(error)
  const subject = what ?? 'The search'
  if (status === null && !isNetwork(error))
    return new UserError(
      'environment',
      `${host} does not answer as a Hub does: ${(error as Error).message}.`,
      {
        hint: 'HF_ENDPOINT and the setting name the Hub that is asked.',
        cause: error,
      },
    )
  if (status === null)
    return new UserError('environment', `${host} could not be reached: ${networkReason(error)}.`, {
      hint: 'Check the connection; HF_ENDPOINT names another Hub. Models on this machine work without it.',
      cause: error,
    })
  if (status === 404)
    return new UserError('not-found', `${host} has no model ${subject} at this revision.`, { cause: error })
  // The Hub answers 401 for what does not exist too, so that private names cannot be guessed.
  if (status === 401 || status === 403)
    return new UserError(
      'not-found',
      token === undefined
        ? `${subject} does not exist on ${host}, or it is private or gated.`
        : `${subject} does not exist on ${host}, or the token of HF_TOKEN may not read it.`,
      {
        hint: 'Check its name; accept its terms on its page and set HF_TOKEN to a token that may read it.',
        cause: error,
      },
    )
  const why =
    status === 429 ? 'too many requests; wait a few minutes' : 'the server is in trouble; try again later'
  return new UserError('environment', `${host} answered ${status} to ${subject}: ${why}.`, { cause: error })
}

/** The client's error is known by its field: its class would have to be loaded before there is one. */
function statusOf(error: unknown): number | null {
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' ? status : null
}

/** What fetch throws where no answer came, or came to its end. */
function isNetwork(error: unknown): boolean {
  return (
    typeof error === 'string' ||
    error instanceof TypeError ||
    error instanceof DOMException ||
    reasonOf(error) !== error
  )
}

/** The innermost reason: `fetch failed` says nothing. */
function networkReason(error: unknown): string {
  if (typeof error === 'string') return error
  const inner = reasonOf(error)
  if (!(inner instanceof Error)) return String(inner)
  const { code } = inner as NodeJS.ErrnoException
  return inner.message || code || inner.name
}

function reasonOf(error: unknown): unknown {
  let inner = error
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause
  return inner
}
