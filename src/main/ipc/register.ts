/**
 * Connects the contract to the services: every call is checked (sender, then input) before its handler sees it, every
 * event goes to the windows. A call without a handler does not compile.
 */
import type { Call, Event } from '../../shared/ipc/define'
import { CALL_PREFIX, EVENT_PREFIX } from '../../shared/ipc/bridge'
import { contract, type ContractEmitters, type ContractHandlers } from '../../shared/ipc/contract'
import { UserError } from '../../shared/errors'
import type { Services } from '../services/create'
import { appHandlers } from './app'
import { augmentHandlers } from './augment'
import { datasetHandlers } from './datasets'
import type { Desktop, IpcMainLike } from './desktop'
import { inEnvelope, parseInput } from './envelope'
import { exampleHandlers } from './examples'
import { forwardEvents } from './events'
import { historyHandlers } from './history'
import { hubHandlers } from './hub'
import { knowledgeHandlers } from './knowledge'
import { modelHandlers } from './models'
import { runHandlers } from './runs'
import { studyHandlers } from './studies'
import { tokenizerHandlers } from './tokenizers'

/** Returns how to disconnect. */
export function registerIpc(ipcMain: IpcMainLike, services: Services, desktop: Desktop): () => void {
  const handlers: ContractHandlers = {
    app: appHandlers(services, desktop),
    augment: augmentHandlers(services),
    datasets: datasetHandlers(services, desktop),
    examples: exampleHandlers(services),
    history: historyHandlers(services, desktop),
    hub: hubHandlers(services),
    knowledge: knowledgeHandlers(services, desktop),
    models: modelHandlers(services, desktop),
    runs: runHandlers(services, desktop),
    studies: studyHandlers(services),
    tokenizers: tokenizerHandlers(services, desktop),
  }
  const channels: string[] = []
  for (const [channel, call] of calls()) {
    const [domain, name] = channel.split('.') as [keyof ContractHandlers, string]
    const handler = (handlers[domain] as Record<string, (input: unknown) => unknown>)[name]!
    channels.push(CALL_PREFIX + channel)
    ipcMain.handle(CALL_PREFIX + channel, (event, input) =>
      inEnvelope(services.log, () => {
        if (!desktop.isTrusted(event))
          throw new UserError('bad-input', 'This sender may not call the studio.')
        return handler(parseInput(call.input, channel, input))
      }),
    )
  }
  const stopForwarding = forwardEvents(services, emitters(desktop))
  return () => {
    stopForwarding()
    for (const channel of channels) ipcMain.removeHandler(channel)
  }
}

function entries(): [string, Call | Event][] {
  return Object.entries(contract).flatMap(([domain, api]) =>
    Object.entries(api as Record<string, Call | Event>).map(([name, entry]): [string, Call | Event] => [
      `${domain}.${name}`,
      entry,
    ]),
  )
}

function calls(): [string, Call][] {
  return entries().filter((entry): entry is [string, Call] => entry[1].kind === 'call')
}

function emitters(desktop: Desktop): ContractEmitters {
  const made: Record<string, Record<string, (payload: unknown) => void>> = {}
  for (const [channel, entry] of entries()) {
    const [domain, name] = channel.split('.') as [string, string]
    if (entry.kind !== 'event') continue
    const ofDomain = (made[domain] ??= {})
    ofDomain[name] = (payload) => desktop.send(EVENT_PREFIX + channel, payload)
  }
  return {
    app: {},
    augment: {},
    datasets: {},
    history: {},
    hub: {},
    knowledge: {},
    models: {},
    runs: {},
    studies: {},
    tokenizers: {},
    ...made,
  } as unknown as ContractEmitters
}
