/**
 * A run that is stopped ends with the same bits as one that never was: weights, optimizer, what it remembers, what it
 * told. Stopped in mid-epoch, mid-step (between the pieces whose gradients add up) and mid-evaluation, asked to or dead.
 */
import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  checkpointFolder,
  firstSound,
  listCheckpoints,
  readTrainState,
} from '../../../../src/main/engine/checkpoint/trainingCheckpoint'
import type { TrainSpec } from '../../../../src/main/engine/train/spec'
import type { RunEvent } from '../../../../src/shared/domain/run'
import { accuracyScorer, eventsOf, record, type Recorded, tinySpec } from '../train/tinyRun'
import { CONFIGS, longRows, TRAIN_ROWS, VALIDATION_ROWS } from './configs'

const SETTINGS = {
  per_device_train_batch_size: 40,
  num_train_epochs: 3,
  eval_strategy: 'steps',
  eval_steps: 5,
  save_strategy: 'steps',
  save_steps: 4,
}

const MOMENTS = ['mid-epoch', 'mid-step', 'mid-evaluation'] as const
type Moment = (typeof MOMENTS)[number]

/** Which moment it is once the event at this place was told; between two pieces, what they are of comes after them. */
function momentAt(events: readonly RunEvent[], at: number): Moment | null {
  const here = events[at]!
  if (here.event === 'step') return Number.isInteger(here.epoch) ? null : 'mid-epoch'
  if (here.event !== 'progress' || events[at + 1]?.event !== 'progress') return null
  const next = events.slice(at).find(({ event }) => event !== 'progress')
  return next?.event === 'step' ? 'mid-step' : next?.event === 'evaluate' ? 'mid-evaluation' : null
}

/** How many events come before the stop: of all such moments the one in the middle. */
function stopAt({ events }: Recorded, moment: Moment): number {
  const all = events.flatMap((_, at) => (momentAt(events, at) === moment ? [at + 1] : []))
  expect(all.length, `moments ${moment}`).toBeGreaterThan(0)
  return all[Math.floor(all.length / 2)]!
}

/** Every look at the clock takes three seconds: each piece tells its progress, a resume point comes every few steps. */
function slowClock(): () => number {
  let ms = 0
  return () => (ms += 3_000)
}

const host = (spec: TrainSpec) => ({
  nowMs: slowClock(),
  newScorer: () =>
    spec.validation!.labels instanceof Int32Array && !spec.validation!.places
      ? accuracyScorer(spec.validation!)
      : { add: () => undefined, metrics: () => ({}) },
})

class Death extends Error {}

const STOPS = {
  async 'asked to stop'(spec: TrainSpec, after: number): Promise<RunEvent[]> {
    const cancel = new AbortController()
    let told = 0
    const emit = () => {
      if (++told === after) cancel.abort()
    }
    const { result, events } = await record(spec, { ...host(spec), signal: cancel.signal, emit })
    expect(result.state).toBe('cancelled')
    return events
  },
  async dead(spec: TrainSpec, after: number): Promise<RunEvent[]> {
    const events: RunEvent[] = []
    const emit = (event: RunEvent) => {
      if (events.push(event) === after) throw new Death()
    }
    await expect(record(spec, { ...host(spec), emit })).rejects.toBeInstanceOf(Death)
    return events
  },
}

/** Log lines and evaluations by step, without what the clock says; those told twice must be the same. */
function told(events: readonly RunEvent[]): Record<string, unknown> {
  const lines: Record<string, unknown> = {}
  for (const event of events) {
    if (event.event !== 'step' && event.event !== 'evaluate') continue
    const key = `${event.event} ${event.step}`
    const line = timeless(event)
    if (key in lines) expect(line).toEqual(lines[key])
    lines[key] = line
  }
  return lines
}

const CLOCK = new Set(['runtime', 'samples_per_second', 'tokens_per_second', 'trainSeconds'])

function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (CLOCK.has(key) ? undefined : part)))
}

/** All that a run leaves: its model, and of its checkpoints weights, optimizer and memory. */
async function left(spec: TrainSpec): Promise<Record<string, unknown>> {
  const files: Record<string, unknown> = { model: await readFile(join(spec.outputDir, 'model.safetensors')) }
  for (const { step, path } of await listCheckpoints(spec.checkpointsDir)) {
    const state = await readTrainState(path)
    if (state.kind === 'resume') continue
    const weights = spec.config.adapter ? 'adapter_model.safetensors' : 'model.safetensors'
    files[`weights ${step}`] = await readFile(join(path, weights))
    files[`optimizer ${step}`] = await readFile(join(path, 'training_state', 'optimizer.safetensors'))
    files[`state ${step}`] = timeless(state)
  }
  return files
}

async function newestSound({ checkpointsDir }: TrainSpec): Promise<string | undefined> {
  const newestFirst = (await listCheckpoints(checkpointsDir)).reverse()
  return firstSound(newestFirst.map(({ path }) => path))
}

const clean = (spec: TrainSpec) => rm(dirname(spec.outputDir), { recursive: true })

describe.each(Object.entries(CONFIGS).map(([name, tried], i) => ({ name, i, tried })))(
  'a run with $name',
  ({ i, tried }) => {
    const { settings, withTypes = false, isInOnePiece = false, layers = 1, ...more } = tried
    const specOf = () =>
      tinySpec(
        { ...SETTINGS, ...settings },
        {
          train: longRows(TRAIN_ROWS, 1, withTypes),
          validation: longRows(VALIDATION_ROWS, 2, withTypes),
          model: { num_hidden_layers: layers },
          ...more,
        },
      )

    it('ends with the same bits wherever it was stopped', async () => {
      const whole = await specOf()
      const reference = await record(whole, host(whole))
      const bits = await left(whole)
      const lines = told(reference.events)
      for (const [at, moment] of (isInOnePiece ? (['mid-epoch'] as const) : MOMENTS).entries()) {
        const [how, stop] = Object.entries(STOPS)[(i + at) % 2]!
        const spec = await specOf()
        const before = await stop(spec, stopAt(reference, moment))
        const resumeFrom = await newestSound(spec)
        // Dead before its first checkpoint it starts over.
        if (how !== 'dead') expect(resumeFrom).toBeDefined()
        const after = await record({ ...spec, ...(resumeFrom && { resumeFrom }) }, host(spec))
        expect(timeless(after.result), `${how} ${moment}`).toEqual(timeless(reference.result))
        expect(told([...before, ...after.events]), `${how} ${moment}`).toEqual(lines)
        expect(await left(spec), `${how} ${moment}`).toEqual(bits)
        await clean(spec)
      }
      await clean(whole)
    })
  },
)

describe('a run that is resumed', () => {
  it('takes the evaluation at the end of an epoch that it had not come to', async () => {
    const spec = await tinySpec({ save_strategy: 'steps', save_steps: 6, eval_strategy: 'epoch' })
    const whole = await record(spec)
    const resumed = await record({ ...spec, resumeFrom: checkpointFolder(spec.checkpointsDir, 6) })
    const evaluated = (recorded: Recorded) =>
      eventsOf(recorded, 'evaluate').map(({ step, metrics }) => [step, metrics['loss']])
    expect(evaluated(whole).map(([step]) => step)).toEqual([6, 12])
    expect(evaluated(resumed)).toEqual(evaluated(whole))
    await clean(spec)
  })

  it('refuses a checkpoint of other data and one that was damaged', async () => {
    const spec = await tinySpec({ save_strategy: 'steps', save_steps: 5 })
    await record(spec)
    const resumeFrom = checkpointFolder(spec.checkpointsDir, 5)
    const other = { ...spec, resumeFrom, facts: { data_sha256: 'other', tokenizer_sha256: 'tokenizer' } }
    await expect(record(other)).rejects.toMatchObject({ code: 'conflict' })
    await rm(join(resumeFrom, 'training_state', 'optimizer.safetensors'))
    await expect(record({ ...spec, resumeFrom })).rejects.toMatchObject({ code: 'not-found' })
    expect(await newestSound(spec)).toBe(checkpointFolder(spec.checkpointsDir, 12))
    await clean(spec)
  })
})
