/** The contract over a stand-in for Electron's ipcMain: sender, input, envelope, events. */
import { describe, expect, it } from 'vitest'
import { CALL_PREFIX, EVENT_PREFIX, type Envelope } from '../../../src/shared/ipc/bridge'
import { contract } from '../../../src/shared/ipc/contract'
import { registerIpc } from '../../../src/main/ipc/register'
import { runNamed } from './configs'
import { studio, until } from './studio'

type Handler = (event: unknown, input: unknown) => Promise<unknown>

function connected() {
  const services = studio()
  const handlers = new Map<string, Handler>()
  const sent: [string, unknown][] = []
  const shown: string[] = []
  const disconnect = registerIpc(
    {
      handle: (channel, listener) => void handlers.set(channel, listener),
      removeHandler: (channel) => void handlers.delete(channel),
    },
    services,
    {
      chooseFile: () => Promise.resolve('/chosen.csv'),
      chooseFolder: () => Promise.resolve(null),
      chooseTarget: () => Promise.resolve(null),
      reveal: (path) => void shown.push(path),
      send: (channel, payload) => void sent.push([channel, payload]),
      isTrusted: (event) => event === 'our page',
    },
  )
  const call = (channel: string, input: unknown, sender = 'our page') =>
    handlers.get(CALL_PREFIX + channel)!(sender, input) as Promise<Envelope>
  return { services, handlers, sent, shown, disconnect, call }
}

const channels = Object.entries(contract).flatMap(([domain, api]) =>
  Object.entries(api as Record<string, { kind: string }>).flatMap(([name, { kind }]) =>
    kind === 'call' ? [`${domain}.${name}`] : [],
  ),
)

describe('the contract', () => {
  it('has a handler for every call, and none after it is disconnected', () => {
    const { handlers, disconnect } = connected()
    expect([...handlers.keys()].sort()).toEqual(channels.map((name) => CALL_PREFIX + name).sort())
    disconnect()
    expect(handlers.size).toBe(0)
  })

  it.each(channels)('%s refuses strangers and nonsense', async (channel) => {
    const { call } = connected()
    expect(await call(channel, {}, 'another page')).toMatchObject({ ok: false, error: { code: 'bad-input' } })
    for (const nonsense of [null, 7, 'text', [], { no: 'such key' }, undefined])
      expect(await call(channel, nonsense)).toMatchObject({ ok: false, error: { code: 'bad-input' } })
  })

  it('names the field that is wrong', async () => {
    const { call } = connected()
    const input = { run: 'r', names: ['loss'], points: 1 }
    expect(await call('runs.series', input)).toMatchObject({
      ok: false,
      error: { where: { field: 'points' } },
    })
  })
})

describe('calls', () => {
  it('give values and errors in an envelope', async () => {
    const { call } = connected()
    expect(await call('runs.list', {})).toEqual({ ok: true, value: [] })
    expect(await call('datasets.chooseFile', {})).toEqual({ ok: true, value: '/chosen.csv' })
    expect(await call('runs.show', { run: 'none' })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    })
    expect(await call('app.machine', {})).toMatchObject({
      ok: true,
      value: { cores: expect.any(Number) as number },
    })
  })

  it('show a bug as a report id', async () => {
    const { call, services } = connected()
    await services.close()
    const envelope = await call('runs.list', {})
    expect(envelope).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/^Internal error \(report \w+\)/) as string },
    })
    expect(JSON.stringify(envelope)).not.toContain('    at ')
  })

  it('reveal only what the studio knows', async () => {
    const { call, shown, services } = connected()
    expect(await call('app.reveal', { path: '/etc/passwd' })).toMatchObject({ ok: false })
    expect(await call('app.reveal', { path: `${services.home.runs}/../../..` })).toMatchObject({ ok: false })
    expect(await call('app.reveal', { path: services.home.runs })).toMatchObject({ ok: true })
    expect(shown).toEqual([services.home.runs])
  })
})

describe('events', () => {
  it('reach the windows', async () => {
    const { call, sent, services } = connected()
    const envelope = await call('runs.start', { config: runNamed('dies') })
    const run = (envelope as { value: string }).value
    await until(() => services.runs.show(run as never).state === 'interrupted', 'it died')
    services.settings.save({ theme: 'light' })
    await until(
      () => sent.some(([channel]) => channel === `${EVENT_PREFIX}app.onSettings`),
      'settings are told',
    )
    const told = new Set(sent.map(([channel]) => channel.slice(EVENT_PREFIX.length)))
    for (const name of ['runs.onChanged', 'runs.onEvents', 'app.onJob', 'datasets.onChanged'])
      expect(told).toContain(name)
  })
})
