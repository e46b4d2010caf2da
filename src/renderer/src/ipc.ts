/** The typed client of main: built from the contract, unwraps the result envelope, throws UserError. */
import { UserError } from '../../shared/errors'
import type { Bridge } from '../../shared/ipc/bridge'
import { contract, type ContractClient } from '../../shared/ipc/contract'
import type { Api } from '../../shared/ipc/define'

function createClient(bridge: Bridge): ContractClient {
  const domains = Object.entries(contract) as [string, Api][]
  return Object.fromEntries(
    domains.map(([domain, api]) => [domain, domainClient(bridge, domain, api)]),
  ) as unknown as ContractClient
}

function domainClient(bridge: Bridge, domain: string, api: Api): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(api).map(([name, { kind }]) => {
      const channel = `${domain}.${name}`
      return [
        name,
        kind === 'call'
          ? (input: unknown) => invoke(bridge, channel, input)
          : (listener: (payload: unknown) => void) => bridge.listen(channel, returningNothing(listener)),
      ]
    }),
  )
}

/** What a listener returns would be cloned on its way to the preload, and not everything can be. */
function returningNothing(listener: (payload: unknown) => void): (payload: unknown) => void {
  return (payload) => {
    listener(payload)
  }
}

async function invoke(bridge: Bridge, channel: string, input: unknown): Promise<unknown> {
  const envelope = await bridge.invoke(channel, toPlain(input))
  if (envelope.ok) return envelope.value
  throw UserError.from(envelope.error)
}

/** Reactive proxies cannot be cloned across the bridge; everything sent is JSON by contract. */
function toPlain(input: unknown): unknown {
  return JSON.parse(JSON.stringify(input)) as unknown
}

export const ipc: ContractClient = createClient(window.tunesmith)

export function pathOfDroppedFile(file: File): string {
  return window.tunesmith.pathOf(file)
}
