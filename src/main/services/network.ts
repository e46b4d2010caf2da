/** The log of everything asked of the network, by the processes that work on this data folder. */
import type { NetworkAttempt } from '../../shared/domain/network'
import { watchNetwork, withoutQuery } from '../network/watch'
import { endAttempt, insertAttempt, listAttempts } from '../store/queries/network'
import type { ServiceContext } from './context'

export interface NetworkService {
  /** The newest first. */
  attempts(limit: number): NetworkAttempt[]
  /** The window's page wanted something from outside and was refused. */
  refusedPage(method: string, url: string): void
  close(): void
}

export function networkService(ctx: ServiceContext): NetworkService {
  const origin = ctx.owner.owner
  const stop = watchNetwork((request) => {
    const id = attempt(() => insertAttempt(ctx.db, { ...request, atMs: ctx.now(), origin, outcome: null }))
    if (request.purpose === null)
      ctx.log('warn', `network: nobody asked for ${request.method} ${request.url}`)
    return (outcome) => {
      if (id !== undefined) attempt(() => endAttempt(ctx.db, id, outcome))
    }
  })

  /** A log that cannot be written must not stop what it tells of. */
  function attempt<T>(write: () => T): T | undefined {
    try {
      return write()
    } catch (error) {
      ctx.log('warn', `network: the log could not be written: ${String(error)}`)
      return undefined
    }
  }

  return {
    attempts: (limit) => listAttempts(ctx.db, limit),
    refusedPage(method, url) {
      const refused = {
        method,
        url: withoutQuery(url),
        purpose: null,
        origin: 'page',
        outcome: 'refused',
      } as const
      attempt(() => insertAttempt(ctx.db, { ...refused, atMs: ctx.now() }))
    },
    close: stop,
  }
}
