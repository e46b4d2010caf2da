import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import type { FromWorker, WorkerHandle } from '../../../src/main/worker/protocol'

/** A stand-in for the built worker: the channel and the process are what is tested here. */
const ENTRY = `
console.log('printed by the worker')
process.on('message', (message) => {
  if (message.type === 'exit') process.exit(7)
  if (message.type !== 'cancel') return
  for (let done = 0; done < 500; done++)
    process.send({ type: 'progress', done, total: null, unit: 'rows' }, () => done === 499 && process.exit(0))
})
process.on('disconnect', () => process.exit(0))
process.send({ type: 'ready' })
`

/** A process that starts a worker, prints its id and then does nothing. */
const OWNER = `
import { fork } from 'node:child_process'
const child = fork(process.argv[2], [], { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] })
child.on('message', () => console.log(child.pid))
`

describe('nodeHost', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'host-'))
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    await writeFile(join(folder, 'workerJobs.js'), ENTRY)
    await writeFile(join(folder, 'owner.mjs'), OWNER)
  })
  afterAll(() => rm(folder, { recursive: true }))

  const start = () => nodeHost({ entryDir: folder })('jobs')
  const exitOf = (worker: WorkerHandle) =>
    new Promise<{ code: number | null; signal: string | null }>((resolve) => worker.onExit(resolve))
  const readyOf = (worker: WorkerHandle) =>
    new Promise<void>((resolve) => worker.onMessage(({ type }) => type === 'ready' && resolve()))

  it('tells of the exit after the last message has arrived', async () => {
    const worker = start()
    const messages: FromWorker[] = []
    worker.onMessage((message) => messages.push(message))
    worker.send({ type: 'cancel' })
    expect(await exitOf(worker)).toEqual({ code: 0, signal: null })
    expect(messages).toHaveLength(501)
    expect(messages.at(-1)).toMatchObject({ done: 499 })
  })

  it('passes on exit codes and signals', async () => {
    const polite = start()
    polite.send({ type: 'exit' })
    expect(await exitOf(polite)).toEqual({ code: 7, signal: null })

    const killed = start()
    await readyOf(killed)
    const exit = exitOf(killed)
    killed.kill()
    expect(await exit).toEqual({ code: null, signal: 'SIGKILL' })
    expect(() => killed.send({ type: 'pause' })).not.toThrow()
  })

  it('names the way out where nothing is built', () => {
    expect(() => nodeHost({ entryDir: folder })('engine')).toThrow(
      expect.objectContaining({ code: 'environment', hint: expect.stringContaining('npm') as string }),
    )
  })

  it('lets a worker die with its owner', async () => {
    const owner = spawn(process.execPath, [join(folder, 'owner.mjs'), join(folder, 'workerJobs.js')], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const pid = await new Promise<number>((resolve) => owner.stdout.once('data', (d) => resolve(Number(d))))
    expect(isRunning(pid)).toBe(true)
    owner.kill('SIGKILL')
    for (let i = 0; i < 100 && isRunning(pid); i++) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(isRunning(pid)).toBe(false)
  })

  it('keeps what workers print off stdout', () => {
    const script = `
      const child = require('node:child_process').fork(process.argv[1], [], { stdio: ['ignore', 2, 2, 'ipc'] })
      child.on('message', () => child.kill())
    `
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script, join(folder, 'workerJobs.js')], {
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
    expect(stderr).toContain('printed by the worker')
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
