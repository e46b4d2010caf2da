import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/shared/errors'
import type { WorkerPort } from '../../../src/main/worker/port'
import type { FromWorker, Task, ToWorker } from '../../../src/main/worker/protocol'
import { serve, type TaskContext } from '../../../src/main/worker/serve'

const task: Task = { kind: 'gemm-rate', numThreads: 1 }

/** A worker in this process: what it posted, and a way to tell it something. */
function worker(handler: (context: TaskContext) => Promise<{ gflops: number }>) {
  const posted: FromWorker[] = []
  let tell: (message: ToWorker) => void = () => undefined
  const port: WorkerPort = {
    post: (message) => posted.push(message),
    onMessage: (listener) => (tell = listener),
    onClosed: () => undefined,
    exit: () => undefined,
  }
  serve({ 'gemm-rate': (_, context) => handler(context) }, port)
  const settled = async () => {
    while (!posted.some(({ type }) => type === 'done' || type === 'failed'))
      await new Promise((resolve) => setTimeout(resolve, 1))
    return posted.at(-1)!
  }
  return { posted, tell: (message: ToWorker) => tell(message), settled }
}

describe('serve', () => {
  it('says it is ready, runs a task and posts its result', async () => {
    const w = worker((context) => {
      context.progress(1, 2, 'rows')
      return Promise.resolve({ gflops: 7 })
    })
    w.tell({ type: 'task', task })
    await w.settled()
    expect(w.posted).toEqual([
      { type: 'ready' },
      { type: 'progress', done: 1, total: 2, unit: 'rows' },
      { type: 'done', kind: 'gemm-rate', result: { gflops: 7 } },
    ])
  })

  it('hands on a user error as it is', async () => {
    const error = new UserError('bad-input', 'Row 3 is empty.', { where: { row: 3 }, hint: 'Fill it.' })
    const w = worker(() => Promise.reject(error))
    w.tell({ type: 'task', task })
    expect(await w.settled()).toEqual({ type: 'failed', bug: false, error: error.toData() })
  })

  it('words a bug for people and logs its stack', async () => {
    const w = worker(() => Promise.reject(new TypeError('x is not a function')))
    w.tell({ type: 'task', task })
    const failed = await w.settled()
    expect(failed).toMatchObject({ type: 'failed', bug: true })
    expect(JSON.stringify(failed)).not.toContain('serve.test')
    const log = w.posted.find((message) => message.type === 'log')
    expect(log).toMatchObject({ level: 'error' })
    expect(JSON.stringify(log)).toContain('serve.test')
  })

  it('words a full disk', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left'), {
      code: 'ENOSPC',
      syscall: 'write',
      path: '/data/a',
    })
    const w = worker(() => Promise.reject(full))
    w.tell({ type: 'task', task })
    expect(await w.settled()).toMatchObject({
      bug: false,
      error: { code: 'io', message: 'The disk is full.', where: { file: '/data/a' } },
    })
  })

  it('stops at a breath after cancel', async () => {
    const w = worker(async (context) => {
      for (;;) await context.breathe()
    })
    w.tell({ type: 'task', task })
    w.tell({ type: 'cancel' })
    expect(await w.settled()).toMatchObject({ type: 'failed', bug: false, error: { code: 'cancelled' } })
  })

  it('waits while paused', async () => {
    let breaths = 0
    const w = worker(async (context) => {
      for (; breaths < 1000; breaths++) await context.breathe()
      return { gflops: 1 }
    })
    w.tell({ type: 'task', task })
    w.tell({ type: 'pause' })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(breaths).toBeLessThan(3)
    w.tell({ type: 'unpause' })
    expect(await w.settled()).toMatchObject({ type: 'done' })
  })

  it('refuses a second task while one runs', async () => {
    const w = worker(() => new Promise((resolve) => setTimeout(() => resolve({ gflops: 1 }), 30)))
    w.tell({ type: 'task', task })
    w.tell({ type: 'task', task })
    expect(w.posted.at(-1)).toMatchObject({ type: 'failed', error: { code: 'conflict' } })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(w.posted.at(-1)).toMatchObject({ type: 'done' })
  })
})
