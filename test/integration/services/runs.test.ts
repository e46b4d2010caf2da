/** Runs from start to each kind of end, with real worker processes. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src/shared/domain/run'
import { runNamed } from './configs'
import { runToEnd, studio, until } from './studio'

function kinds(events: readonly RunEvent[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { event } of events) counts[event] = (counts[event] ?? 0) + 1
  return counts
}

describe('a run', () => {
  it('completes, and all it told is in the history', async () => {
    const services = studio()
    const { id, state, events } = await runToEnd(services, 'completes')
    expect(state).toBe('completed')
    expect(kinds(events)).toMatchObject({ start: 1, step: 20, evaluate: 2, checkpoint: 4, end: 1 })
    const paths = events.flatMap((event) => (event.event === 'checkpoint' ? [event.path] : []))
    expect(paths.map((path) => existsSync(path))).toEqual([true, true, true, true])
    expect(events.at(-1)).toMatchObject({ output_dir: join(services.home.runs, id) })
    const detail = services.runs.show(id)
    expect(detail).toMatchObject({
      name: 'completes',
      state: 'completed',
      owner: null,
      step: 20,
      totalSteps: 20,
      lastEval: { accuracy: 0.95 },
      config: { columns: { text: 'text', label: 'label' }, learning_rate: 5e-5 },
      facts: { labels: ['a', 'b'] },
    })
    expect(detail.checkpoints.map((one) => one.step)).toEqual([20, 15, 10, 5])
    expect(detail.checkpoints.every((one) => existsSync(one.path))).toBe(true)
    expect(detail.findings).toHaveLength(3)
    expect(services.runs.series(id, ['loss', 'eval_accuracy'], 100).map((s) => s.steps.length)).toEqual([
      20, 2,
    ])
  })

  it('tells the window the same by watching the database', async () => {
    const services = studio()
    const seen: RunEvent[] = []
    const states = new Set<string>()
    services.listen({
      onRunEvents: ({ events }) => seen.push(...events),
      onRun: (summary) => states.add(summary.state),
    })
    const { events } = await runToEnd(services, 'completes')
    await until(() => seen.some(({ event }) => event === 'end'), 'the end was seen')
    const steps = (all: RunEvent[]) => all.filter(({ event }) => event === 'step')
    expect(steps(seen)).toEqual(steps(events))
    const order = seen.filter(({ event }) => ['step', 'evaluate'].includes(event)) as { step: number }[]
    expect(order.map(({ step }) => step)).toEqual([...order.map(({ step }) => step)].sort((a, b) => a - b))
    expect(states).toContain('completed')
  })

  it('fails where memory runs out, and says what to try', async () => {
    const services = studio()
    const { id, state } = await runToEnd(services, 'out-of-memory')
    expect(state).toBe('failed')
    expect(services.runs.show(id).reason).toMatch(
      /memory of this machine does not hold this\. Try max_length \d+/,
    )
  })

  it('is interrupted when its engine is killed, and goes on from the last checkpoint', async () => {
    const services = studio()
    const { id, state } = await runToEnd(services, 'dies')
    expect(state).toBe('interrupted')
    expect(services.runs.show(id).reason).toMatch(/killed \(SIGKILL\).*memory.*Try max_length \d+/)
    services.runs.resume(id)
    const events: RunEvent[] = []
    services.runs.follow(id, (news) => events.push(...news))
    expect(await services.runs.ended(id)).toBe('completed')
    expect(events.find(({ event }) => event === 'step')).toMatchObject({ step: 11 })
    expect(kinds(events).note).toBeUndefined()
    expect(services.runs.series(id, ['loss'], 100)[0]!.steps).toHaveLength(20)
  })

  it('is interrupted when its engine exits without a word', async () => {
    const services = studio()
    const { id, state } = await runToEnd(services, 'exits')
    expect([state, services.runs.show(id).reason]).toEqual([
      'interrupted',
      'The engine process ended unexpectedly (exit code 7).',
    ])
  })

  it('fails when the engine cannot start', async () => {
    const first = studio()
    await first.datasets.resolve({ sample: 'semantic-fields' })
    await first.close()
    const services = studio({ home: first.home.root, stub: 'dies-at-start' })
    const { id, state } = await runToEnd(services, 'completes')
    expect([state, services.runs.show(id).reason]).toEqual([
      'failed',
      'The engine process could not start (exit code 3).',
    ])
  })

  it('fails with the reason when the loss is no number, and offers a smaller rate', async () => {
    const services = studio()
    const { id, state } = await runToEnd(services, 'diverges')
    const detail = services.runs.show(id)
    expect([state, detail.reason]).toEqual(['failed', 'The loss became NaN at step 7.'])
    expect(detail.findings[0]!.action!.set).toEqual({ learning_rate: 2e-5 })
    expect(detail.checkpoints.map((one) => one.step)).toEqual([5])
  })

  it('survives garbage from its engine', async () => {
    const services = studio()
    const { state, id } = await runToEnd(services, 'garbage')
    expect([state, services.runs.show(id).reason]).toEqual([
      'failed',
      expect.stringMatching(/^Internal error/),
    ])
  })
})

describe('cancelling', () => {
  it('writes a checkpoint and can be resumed', async () => {
    const services = studio()
    const id = await services.runs.start(runNamed('long'))
    await until(() => services.runs.show(id).step > 3, 'it trains')
    services.runs.cancel(id)
    expect(await services.runs.ended(id)).toBe('cancelled')
    const { checkpoints, step } = services.runs.show(id)
    expect(checkpoints[0]!.step).toBe(step)
  })

  it('ends an engine that does not answer', async () => {
    const services = studio()
    const id = await services.runs.start(runNamed('hangs'))
    await until(() => services.runs.show(id).state === 'preparing', 'it prepares')
    await new Promise((resolve) => setTimeout(resolve, 300))
    services.runs.cancel(id)
    expect(await services.runs.ended(id)).toBe('cancelled')
  })

  it('reaches a run before it started', async () => {
    const services = studio()
    const first = await services.runs.start(runNamed('long'))
    const second = await services.runs.start(runNamed('completes'))
    expect(services.runs.show(second).state).toBe('queued')
    expect(services.runs.aheadOf(second)!.id).toBe(first)
    services.runs.cancel(second)
    expect(services.runs.show(second)).toMatchObject({ state: 'cancelled', owner: null })
    services.runs.cancel(first)
    await services.runs.ended(first)
  })

  it('of an ended run is refused', async () => {
    const services = studio()
    const { id } = await runToEnd(services, 'completes')
    expect(() => services.runs.cancel(id)).toThrow(/is completed/)
    expect(() => services.runs.resume(id)).toThrow(/nothing to resume/)
  })
})

describe('the queue', () => {
  it('runs one at a time, in order', async () => {
    const services = studio()
    const ids = [
      await services.runs.start(runNamed('completes')),
      await services.runs.start(runNamed('completes')),
    ]
    const active = new Set<number>()
    services.listen({
      onRun: () =>
        active.add(services.runs.list().filter((run) => ['preparing', 'running'].includes(run.state)).length),
    })
    await Promise.all(ids.map((id) => services.runs.ended(id)))
    const [a, b] = ids.map((id) => services.runs.show(id))
    expect(Math.max(...active)).toBe(1)
    expect(b!.startedAtMs!).toBeGreaterThanOrEqual(a!.endedAtMs!)
  })

  it('pauses and goes on', async () => {
    const services = studio()
    const id = await services.runs.start(runNamed('long'))
    await until(() => services.runs.show(id).step > 2, 'it trains')
    services.runs.pause(id)
    await until(() => services.runs.show(id).state === 'paused', 'it is paused')
    services.runs.unpause(id)
    await until(() => services.runs.show(id).state === 'running', 'it goes on')
    services.runs.cancel(id)
    expect(await services.runs.ended(id)).toBe('cancelled')
  })
})

describe('the history', () => {
  it('renames and deletes, and says what was freed', async () => {
    const services = studio()
    const { id } = await runToEnd(services, 'completes')
    services.runs.rename(id, 'the good one')
    const { outputDir } = services.runs.show(id)
    expect(services.runs.find('1').name).toBe('the good one')
    const { freedBytes } = await services.runs.delete(id)
    expect([freedBytes > 0, existsSync(outputDir), services.runs.list()]).toEqual([true, false, []])
  })

  it('predicts with the model a run left', async () => {
    const services = studio()
    const { id } = await runToEnd(services, 'completes')
    expect(await services.runs.predict(id, ['one', 'two'])).toMatchObject([{ label: 'a' }, { text: 'two' }])
  })
})
