/**
 * A training in a real process that is killed again and again at moments drawn from a seed: of the command, or of its
 * engine. After every kill the next start must find all that was told, a sound checkpoint and nothing left "running".
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { RunDetail, RunEvent } from '../../../src/shared/domain/run'
import type { RunId } from '../../../src/shared/ids'
import {
  checkpointFolder,
  listCheckpoints,
  readTrainState,
} from '../../../src/main/engine/checkpoint/trainingCheckpoint'
import type { RandomStream } from '../../../src/main/engine/random/stream'
import type { Services } from '../../../src/main/services/create'
import { openReader } from '../../../src/main/store/open'
import { listLeases } from '../../../src/main/store/queries/leases'
import { ONE_LAYER_BERT } from '../../helpers/oneLayerBert'
import { withServices } from '../services/withServices'

const CLI = fileURLToPath(new URL('../../../out/main/cli.js', import.meta.url))
const [TRAIN_ROWS, EPOCHS, BATCH] = [120, 6, 4]
export const ROWS_SEEN = TRAIN_ROWS * EPOCHS
const STEPS = (TRAIN_ROWS / BATCH) * EPOCHS

const VICTIMS = ['command', 'engine'] as const
type Victim = (typeof VICTIMS)[number]

/** When to kill: so long after the start, or so long after so many lines were told. */
interface Kill {
  victim: Victim
  lines: number
  delayMs: number
}

/** Every fourth falls into the start and the preparation, the others into training, evaluating and saving. */
export function drawKill(random: RandomStream): Kill {
  const victim = VICTIMS[random.below(VICTIMS.length)]!
  if (random.below(4) === 0) return { victim, lines: 0, delayMs: random.below(1500) }
  return { victim, lines: 1 + random.below(60), delayMs: random.below(40) }
}

/** What a run told for good: its steps and evaluations by their number, without what the clock says. */
type Told = Map<string, string>

export class KilledRun {
  /** Of lines that a process printed: each of them was in the database before. */
  readonly printed: Told = new Map()
  private readonly config: string
  private found: RunDetail | null = null

  constructor(
    readonly home: string,
    /** Runs that were made in this folder before. */
    private readonly number: number,
  ) {
    this.config = join(home, 'run.json')
    writeFileSync(this.config, JSON.stringify(configIn(home)))
  }

  /** Starts it, or goes on with it; `kill` falls before its end, or comes too late. Resolves once the process is gone. */
  async go(kill: Kill | null): Promise<{ wasKilled: boolean }> {
    const action = this.found ? ['resume', this.found.id] : ['train', '--config', this.config]
    const child = spawn(process.execPath, [CLI, ...action, '--json', '--home', this.home], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [told, wasKilled, complaint] = [0, false, '']
    const timers: NodeJS.Timeout[] = []
    const strikeIn = (ms: number) =>
      timers.push(setTimeout(() => (wasKilled = this.strike(kill!.victim, child)), ms))
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
    createInterface({ input: child.stdout }).on('line', (line) => {
      note(this.printed, JSON.parse(line) as RunEvent)
      if (++told === kill?.lines) strikeIn(kill.delayMs)
    })
    if (kill?.lines === 0) strikeIn(kill.delayMs)
    const [code] = (await once(child, 'close')) as [number | null]
    for (const timer of timers) clearTimeout(timer)
    if (!wasKilled) expect(code, complaint).toBe(0)
    return { wasKilled }
  }

  /** What the next start finds; null where the command was killed before there was a run. */
  async examine(): Promise<RunDetail | null> {
    await withServices(this.home, async (services) => {
      expect(services.jobs.list().filter(({ state }) => state === 'running')).toEqual([])
      const run = services.runs.list().find(({ number }) => number === this.number)
      this.found = run ? services.runs.show(run.id) : null
      if (this.found) await this.expectNothingLost(services, this.found)
    })
    return this.found
  }

  private async expectNothingLost(services: Services, run: RunDetail): Promise<void> {
    expect(['interrupted', 'completed'], run.reason ?? '').toContain(run.state)
    expect(run.owner).toBeNull()
    const stored = toldBy(services, run.id)
    for (const [key, line] of this.printed) expect(stored.get(key), key).toBe(line)
    const known = run.checkpoints.filter(({ kind }) => kind !== 'final')
    const folder = join(run.outputDir, 'checkpoints')
    const newest = (await listCheckpoints(folder)).at(-1)
    expect(newest?.step ?? 0, 'the newest checkpoint in the history is on the disk').toBeGreaterThanOrEqual(
      known[0]?.step ?? 0,
    )
    for (const { step, path } of await listCheckpoints(folder))
      expect((await readTrainState(path)).step).toBe(step)
  }

  /** Of the finished run: all it told, what it ended with, and how many rows its training saw. */
  async outcome(): Promise<{ told: Told; weights: Buffer; optimizer: Buffer; rowsSeen: number }> {
    const run = this.found!
    const last = checkpointFolder(join(run.outputDir, 'checkpoints'), STEPS)
    return {
      told: await withServices(this.home, (services) => Promise.resolve(toldBy(services, run.id))),
      weights: readFileSync(join(run.outputDir, 'model', 'model.safetensors')),
      optimizer: readFileSync(join(last, 'training_state', 'optimizer.safetensors')),
      rowsSeen: (await readTrainState(last)).rowsSeen,
    }
  }

  /** Whether there was something to kill. */
  private strike(victim: Victim, child: ChildProcess): boolean {
    if (victim === 'command') return child.kill('SIGKILL')
    if (!existsSync(join(this.home, 'tunesmith.db'))) return false
    const db = openReader(join(this.home, 'tunesmith.db'))
    const engine = listLeases(db).find(({ kind }) => kind === 'run')
    db.close()
    if (typeof engine?.workerPid !== 'number') return false
    try {
      return process.kill(engine.workerPid, 'SIGKILL')
    } catch {
      return false
    }
  }
}

function toldBy({ runs }: Services, run: RunId): Told {
  const told: Told = new Map()
  for (const event of runs.log(run)) note(told, event)
  return told
}

/** Keeps a step or an evaluation; one that is told again must say the same. */
function note(told: Told, event: RunEvent): void {
  if (event.event !== 'step' && event.event !== 'evaluate') return
  const key = `${event.event} ${event.step}`
  const entries = Object.entries(timeless(event)).sort(([a], [b]) => a.localeCompare(b))
  const line = JSON.stringify(Object.fromEntries(entries))
  expect(told.get(key) ?? line, key).toBe(line)
  told.set(key, line)
}

/** Without what the clock says. */
function timeless(event: RunEvent): RunEvent {
  const clock = new Set(['runtime', 'samples_per_second', 'tokens_per_second'])
  const text = JSON.stringify(event, (name, value: unknown) => (clock.has(name) ? undefined : value))
  return JSON.parse(text) as RunEvent
}

function configIn(home: string): Record<string, unknown> {
  const file = (name: string, rows: number) => {
    const path = join(home, `${name}.csv`)
    writeFileSync(path, ['text,label', ...Array.from({ length: rows }, (_, row) => line(row))].join('\n'))
    return path
  }
  return {
    task: 'sequence-classification',
    model: { architecture: 'bert', config: ONE_LAYER_BERT },
    dataset: { train: file('train', TRAIN_ROWS), validation: file('validation', 40) },
    max_length: 16,
    per_device_train_batch_size: BATCH,
    num_train_epochs: EPOCHS,
    learning_rate: 1e-3,
    logging_steps: 1,
    eval_strategy: 'steps',
    eval_steps: 10,
    save_strategy: 'steps',
    save_steps: 10,
    save_total_limit: 2,
    load_best_model_at_end: true,
    num_threads: 1,
  }
}

const WORDS = ['north', 'south', 'river', 'stone', 'paper', 'light', 'green', 'field']

function line(row: number): string {
  const words = Array.from({ length: 3 + (row % 5) }, (_, i) => WORDS[(row * 5 + i * i) % WORDS.length])
  return `${words.join(' ')},${['up', 'down', 'level'][row % 3]}`
}
