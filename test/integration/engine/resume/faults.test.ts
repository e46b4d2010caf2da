/**
 * A disk that refuses, at every kind of write that a run does: the run says so and waits; where it is cancelled then,
 * nothing half-written stands under a final name, and once there is room it goes on and ends with the same bits.
 */
import { existsSync } from 'node:fs'
import type * as fs from 'node:fs/promises'
import { readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { verifyFolder } from '../../../../src/main/engine/checkpoint/folderWriter'
import { firstSound, listCheckpoints } from '../../../../src/main/engine/checkpoint/trainingCheckpoint'
import type { TrainSpec } from '../../../../src/main/engine/train/spec'
import type { RunEvent } from '../../../../src/shared/domain/run'
import { eventsOf, record, tinyRows, tinySpec } from '../train/tinyRun'

/** The disk between the code and node:fs: refuses from the given operation on, in the middle of what is written. */
const disk = vi.hoisted(() => ({
  operations: [] as string[],
  refusesFrom: Infinity,
  code: 'ENOSPC',
  freeBytes: null as number | null,
  /** Counts an operation. @throws what a disk would say */
  touch(what: string) {
    if (this.operations.push(what) > this.refusesFrom)
      throw Object.assign(new Error(`${this.code}: ${what}`), { code: this.code, syscall: 'write' })
  },
}))

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof fs>()
  const name = (path: unknown) =>
    String(path)
      .split('/')
      .slice(-2)
      .join('/')
      .replace(/\.[0-9a-f]{12}\./, '.')
  return {
    ...real,
    mkdir: (...args: Parameters<typeof real.mkdir>) => {
      disk.touch(`mkdir ${name(args[0])}`)
      return real.mkdir(...args)
    },
    rename: (...args: Parameters<typeof real.rename>) => {
      disk.touch(`rename ${name(args[0])}`)
      return real.rename(...args)
    },
    statfs: async (path: string) => {
      const found = await real.statfs(path)
      return disk.freeBytes === null ? found : { bsize: 1, bavail: disk.freeBytes }
    },
    async open(...args: Parameters<typeof real.open>) {
      const writes = args[1] !== undefined && args[1] !== 'r'
      if (writes) disk.touch(`open ${name(args[0])}`)
      const handle = await real.open(...args)
      if (!writes) return handle
      const writeFile = handle.writeFile.bind(handle)
      const sync = handle.sync.bind(handle)
      handle.writeFile = async (bytes: unknown) => {
        const content = bytes as Uint8Array
        try {
          disk.touch(`write ${name(args[0])}`)
        } catch (error) {
          await writeFile(content.subarray(0, content.byteLength / 2))
          throw error
        }
        await writeFile(content)
      }
      handle.sync = () => {
        disk.touch(`sync ${name(args[0])}`)
        return sync()
      }
      return handle
    },
  }
})

afterEach(() => Object.assign(disk, { operations: [], refusesFrom: Infinity, freeBytes: null }))

const specOf = () =>
  tinySpec(
    {
      max_steps: 4,
      save_strategy: 'steps',
      save_steps: 2,
      save_total_limit: 1,
      eval_strategy: 'steps',
      eval_steps: 2,
    },
    { model: { num_hidden_layers: 1 }, train: tinyRows(16, 1), validation: tinyRows(4, 2) },
  )
const weightsOf = (spec: TrainSpec) => readFile(join(spec.outputDir, 'model.safetensors'))
const clean = (spec: TrainSpec) => rm(dirname(spec.outputDir), { recursive: true })

/** Whatever has a final name is whole. */
async function expectWhole(spec: TrainSpec): Promise<void> {
  for (const { path } of await listCheckpoints(spec.checkpointsDir)) await verifyFolder(path)
  if (existsSync(spec.outputDir)) await verifyFolder(spec.outputDir)
}

/** What lies in the run's folder and among its checkpoints. */
async function namesIn(spec: TrainSpec): Promise<string[]> {
  const folders = [dirname(spec.outputDir), spec.checkpointsDir]
  return (await Promise.all(folders.map((folder) => readdir(folder)))).flat().sort()
}

/** Trains; at the first refusal the listener is called. */
function train(spec: TrainSpec, onRefused: (reason: string) => void, signal?: AbortSignal) {
  return record(spec, {
    retryMs: 1,
    ...(signal && { signal }),
    emit(event: RunEvent) {
      if (event.event === 'state' && event.state === 'paused') onRefused(event.reason ?? '')
    },
  })
}

const CODES = {
  ENOSPC: /disk is full/,
  EDQUOT: /quota is used up/,
  EROFS: /read-only/,
  EACCES: /No permission/,
  EIO: /input\/output error/,
}

describe('a disk that refuses', () => {
  it('costs nothing at any write', async () => {
    const whole = await specOf()
    await train(whole, () => undefined)
    const weights = await weightsOf(whole)
    const operations = [...disk.operations]
    const names = await namesIn(whole)
    await clean(whole)
    const kinds = operations.flatMap((what, at) => (operations.indexOf(what) === at ? [at] : []))
    expect(kinds.length).toBeGreaterThan(40)

    for (const [i, at] of kinds.entries()) {
      const [code, words] = Object.entries(CODES)[i % Object.keys(CODES).length]!
      Object.assign(disk, { operations: [], refusesFrom: at, code })
      const spec = await specOf()
      const cancel = new AbortController()
      const reasons: string[] = []
      const first = await train(
        spec,
        (reason) => {
          reasons.push(reason)
          cancel.abort()
        },
        cancel.signal,
      )
      const what = `${code} at ${operations[at]}`
      expect(reasons, what).toEqual([expect.stringMatching(words)])
      expect(first.result.state, what).toBe('cancelled')
      await expectWhole(spec)

      disk.refusesFrom = Infinity
      const newestFirst = (await listCheckpoints(spec.checkpointsDir)).reverse()
      const resumeFrom = await firstSound(newestFirst.map(({ path }) => path))
      const second = await train({ ...spec, ...(resumeFrom && { resumeFrom }) }, () => undefined)
      expect(second.result.state, what).toBe('completed')
      expect((await weightsOf(spec)).equals(weights), what).toBe(true)
      expect(await namesIn(spec), what).toEqual(names)
      await clean(spec)
    }
  })

  it('makes the run wait, which goes on by itself once there is room', async () => {
    const whole = await specOf()
    await train(whole, () => undefined)
    const weights = await weightsOf(whole)
    for (const at of [
      disk.operations.indexOf('sync .checkpoint-2.partial/model.safetensors'),
      disk.operations.length - 5,
    ]) {
      Object.assign(disk, { operations: [], refusesFrom: at, code: 'ENOSPC' })
      const spec = await specOf()
      const recorded = await train(spec, () => setTimeout(() => (disk.refusesFrom = Infinity), 20))
      const states = eventsOf(recorded, 'state').map(({ state }) => state)
      expect([states, recorded.result.state]).toEqual([['paused', 'running'], 'completed'])
      expect((await weightsOf(spec)).equals(weights)).toBe(true)
      await clean(spec)
    }
    await clean(whole)
  })

  it('is not written to where a checkpoint would not fit', async () => {
    disk.freeBytes = 1_000_000
    const spec = await specOf()
    const recorded = await train(spec, (reason) => {
      expect(reason).toMatch(/A checkpoint needs 20 MB of disk, 1\.0 MB are free\..*Free some space/)
      expect(disk.operations.filter((what) => what.startsWith('open'))).toEqual([])
      disk.freeBytes = null
    })
    expect(recorded.result.state).toBe('completed')
    await clean(spec)
  })
})
