/**
 * Sees every HTTP request of this process, whoever's code makes it: Node tells of them on its diagnostics channels. A
 * request made inside `onBehalf` bears the purpose given there; any other bears none.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { NetworkRequest } from '../../shared/domain/network'

/** Told of a request as it begins; what it returns is told how that ended. */
export type RequestListener = (request: NetworkRequest) => (outcome: string) => void

const purposes = new AsyncLocalStorage<string>()

/** The requests of `work` are made because the user asked for `purpose`. */
export function onBehalf<T>(purpose: string, work: () => T): T {
  return purposes.run(purpose, work)
}

interface FetchRequest {
  origin?: string | URL
  path: string
  method: string
}

/** @returns how to stop */
export function watchNetwork(listener: RequestListener): () => void {
  const ends = new WeakMap<object, (outcome: string) => void>()
  const begin = (request: object, method: string, url: string) =>
    ends.set(request, listener({ method, url: withoutQuery(url), purpose: purposes.getStore() ?? null }))
  const end = (request: object, outcome: string) => {
    ends.get(request)?.(outcome)
    ends.delete(request)
  }
  const channels: Record<string, (message: unknown) => void> = {
    'undici:request:create': (message) => {
      const { request } = message as { request: FetchRequest }
      begin(request, request.method, `${String(request.origin ?? '')}${request.path}`)
    },
    'undici:request:headers': (message) => {
      const { request, response } = message as { request: object; response: { statusCode: number } }
      end(request, String(response.statusCode))
    },
    'undici:request:error': (message) => {
      const { request, error } = message as { request: object; error: Error }
      end(request, error.message)
    },
    'http.client.request.start': (message) => {
      const { request } = message as { request: ClientRequest }
      const host = request.getHeader('host') ?? request.host
      begin(request, request.method, `${request.protocol}//${String(host)}${request.path}`)
      request.once('error', (error) => end(request, error.message))
    },
    'http.client.response.finish': (message) => {
      const { request, response } = message as { request: ClientRequest; response: IncomingMessage }
      end(request, String(response.statusCode))
    },
  }
  for (const [name, handle] of Object.entries(channels)) subscribe(name, handle)
  return () => {
    for (const [name, handle] of Object.entries(channels)) unsubscribe(name, handle)
  }
}

export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '')
}
