/** Several processes on one data folder: owners that die, requests that cross, changes that are seen. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src/shared/domain/run'
import type { RunId } from '../../../src/shared/ids'
import { isGone, processStarted, thisProcess } from '../../../src/main/services/processIdentity'
import { temporaryFolder } from '../store/temporary'
import { runNamed } from './configs'
import { studio, until } from './studio'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Another process that starts a run; resolves with the run's id once the run exists. */
async function owner(home: string, name: string): Promise<{ child: ChildProcess; id: RunId }> {
  const script = fileURLToPath(new URL('owner.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'jiti/register', script, home, name], {
    stdio: ['ignore', 'pipe', 2],
  })
  children.push(child)
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer]
  return { child, id: chunk.toString().trim() as RunId }
}

describe('a process that dies', () => {
  it('leaves its run interrupted, and another process can resume it', async () => {
    const window = studio()
    await window.datasets.resolve({ sample: 'semantic-fields' })
    const { child, id } = await owner(window.home.root, 'long')
    await until(() => window.runs.show(id).step > 10, 'the other process trains')
    expect(window.runs.show(id).owner).toBe('cli')
    child.kill('SIGKILL')
    await until(() => window.runs.show(id).state === 'interrupted', 'the run is interrupted')
    expect(window.runs.show(id).reason).toMatch(/The command that ran it \(process \d+\) ended/)
    const before = window.runs.show(id).checkpoints[0]!.step
    window.runs.resume(id)
    await until(() => window.runs.show(id).step > before + 3, 'it goes on')
    expect(window.runs.show(id).owner).toBe('window')
    window.runs.cancel(id)
    await window.runs.ended(id)
  })

  it('is noticed at the next start too', async () => {
    const home = temporaryFolder()
    const { child, id } = await owner(home, 'long')
    const first = studio({ home })
    await until(() => first.runs.show(id).step > 5, 'the other process trains')
    await first.close()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const second = studio({ home })
    expect(second.runs.show(id).state).toBe('interrupted')
  })

  it('takes its worker along', async () => {
    const window = studio()
    const { child, id } = await owner(window.home.root, 'long')
    await until(() => window.runs.show(id).step > 5, 'the other process trains')
    child.kill('SIGKILL')
    await until(() => window.runs.show(id).state === 'interrupted', 'the run is interrupted')
    const { step } = window.runs.show(id)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(window.runs.show(id).step).toBe(step)
  })
})

describe('two living processes', () => {
  it('see each other’s runs live, and one can cancel the other’s', async () => {
    const window = studio()
    const seen: RunEvent[] = []
    window.listen({ onRunEvents: ({ events }) => seen.push(...events) })
    const { child, id } = await owner(window.home.root, 'long')
    await until(() => seen.filter(({ event }) => event === 'step').length > 5, 'steps are seen')
    window.runs.pause(id)
    await until(() => window.runs.show(id).state === 'paused', 'the other process paused')
    window.runs.unpause(id)
    await until(() => window.runs.show(id).state === 'running', 'it goes on')
    window.runs.cancel(id)
    const [code] = (await once(child, 'exit')) as [number]
    expect([code, window.runs.show(id).state, window.runs.show(id).owner]).toEqual([0, 'cancelled', null])
    await until(() => seen.some(({ event }) => event === 'end'), 'the end is seen')
  })

  it('wait for each other on one device', async () => {
    const window = studio()
    const { id } = await owner(window.home.root, 'long')
    await until(() => window.runs.show(id).state === 'running', 'the other process trains')
    const mine = await window.runs.start(runNamed('completes'))
    expect([window.runs.show(mine).state, window.runs.aheadOf(mine)!.id]).toEqual(['queued', id])
    window.runs.cancel(id)
    expect(await window.runs.ended(mine)).toBe('completed')
  })

  it('have one queue, which either can change', async () => {
    const window = studio()
    const long = await window.runs.start(runNamed('long'))
    const mine = await window.runs.start(runNamed('completes'))
    await until(() => window.runs.show(long).state === 'running', 'the window trains')
    const { id: other } = await owner(window.home.root, 'completes')
    window.runs.moveInQueue(other, mine)
    window.runs.cancel(long)
    expect(await window.runs.ended(mine)).toBe('completed')
    expect(window.runs.show(other)).toMatchObject({ state: 'completed' })
    expect(window.runs.show(other).startedAtMs).toBeLessThan(window.runs.show(mine).startedAtMs!)
  })
})

describe('closing', () => {
  it('leaves runs to be resumed and queued ones queued for the next window', async () => {
    const first = studio()
    const running = await first.runs.start(runNamed('long'))
    const queued = await first.runs.start(runNamed('completes'))
    await until(() => first.runs.show(running).step > 3, 'it trains')
    await first.close()
    const second = studio({ home: first.home.root })
    expect(second.runs.show(running)).toMatchObject({
      state: 'interrupted',
      reason: expect.stringContaining('closed') as string,
    })
    await until(() => second.runs.show(queued).state === 'completed', 'the queued run ran')
  })
})

describe('a process', () => {
  it('is told from a later one with the same id', () => {
    const me = thisProcess('cli')
    expect(isGone(me)).toBe(false)
    expect(isGone({ ...me, processStarted: `${me.processStarted}0` })).toBe(true)
    expect(processStarted(process.pid)).toBe(me.processStarted)
  })

  it('that has ended is gone', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    const processStart = processStarted(child.pid!)!
    await once(child, 'exit')
    expect(isGone({ pid: child.pid!, processStarted: processStart })).toBe(true)
  })
})
