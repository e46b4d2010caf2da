/** Runs that wait: their order, moved and taken out, over a restart. */
import { describe, expect, it } from 'vitest'
import type { Services } from '../../../src/main/services/create'
import type { RunId } from '../../../src/shared/ids'
import { runNamed } from './configs'
import { studio, until } from './studio'

const waiting = (services: Services): string[] =>
  services.runs
    .list()
    .filter(({ state }) => state === 'queued')
    .sort((a, b) => a.queuedAtMs - b.queuedAtMs)
    .map(({ name }) => name)

/** One that runs on and on, and others behind it. */
async function queueOf(services: Services, ...names: string[]): Promise<[long: RunId, ...RunId[]]> {
  const long = await services.runs.start(runNamed('long'))
  const others: RunId[] = []
  for (const name of names) others.push(await services.runs.start(runNamed(name)))
  await until(() => services.runs.show(long).state === 'running', 'the first trains')
  return [long, ...others]
}

describe('the queue', () => {
  it('starts runs in the order they were put into', async () => {
    const window = studio()
    const [long, first, second, third] = await queueOf(window, 'first', 'second', 'third')
    expect(waiting(window)).toEqual(['first', 'second', 'third'])
    window.runs.moveInQueue(third!, first!)
    window.runs.moveInQueue(first!, null)
    window.runs.moveInQueue(second!, second!)
    expect(waiting(window)).toEqual(['third', 'second', 'first'])
    window.runs.cancel(second!)
    window.runs.cancel(long)
    await Promise.all([third!, first!].map((run) => window.runs.ended(run)))
    const [a, b] = [third!, first!].map((run) => window.runs.show(run).startedAtMs!)
    expect(a).toBeLessThan(b!)
    expect(window.runs.show(second!).state).toBe('cancelled')
  })

  it('keeps its order over a restart', async () => {
    const before = studio()
    const [, first, second] = await queueOf(before, 'first', 'second')
    before.runs.moveInQueue(second!, first!)
    await before.close()
    const after = studio({ home: before.home.root })
    await Promise.all([first!, second!].map((run) => after.runs.ended(run)))
    expect(after.runs.show(second!).startedAtMs).toBeLessThan(after.runs.show(first!).startedAtMs!)
  })

  it('moves only what waits', async () => {
    const window = studio()
    const [long, first] = await queueOf(window, 'first')
    expect(() => window.runs.moveInQueue(long, null)).toThrow(/long is running; it does not wait/)
    expect(() => window.runs.moveInQueue(first!, long)).toThrow(/long is running; it does not wait/)
    window.runs.cancel(long)
    await window.runs.ended(first!)
  })
})
