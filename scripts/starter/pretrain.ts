/** One stage of pretraining with AdamW. Weights and moments are kept every few minutes; a stage goes on from there. */
import { existsSync } from 'node:fs'
import { appendFile, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type NamedTensor,
  withSafetensors,
  writeSafetensors,
} from '../../src/main/engine/checkpoint/safetensors'
import { initialize } from '../../src/main/engine/nn/initialize'
import { adamW } from '../../src/main/engine/optim/adam'
import { clipFactor, globalNorm } from '../../src/main/engine/optim/clip'
import { RandomStream } from '../../src/main/engine/random/stream'
import type { Tokenizer } from '../../src/main/engine/tokenize/tokenizer'
import { Parameters } from '../../src/main/engine/train/parameters'
import { type Batch, epochBatches, type Stage } from './batches'
import { StarterModel } from './model'
import { Probe } from './probe'
import { StepRunner } from './stepRunner'
import type { TokenEntry } from './texts'

export interface Plan {
  stage: Stage
  seed: number
  /** Corners of the learning rate by step, linear between them; it ends at the last one. */
  rate: readonly (readonly [step: number, rate: number])[]
  weightDecay: number
  numThreads: number
}

const STATE_FILE = 'state.safetensors'
export const LOG_FILE = 'log.jsonl'
const LOG_EVERY = 50
const PROBE_EVERY = 500
const CHECKPOINT_EVERY_MS = 180_000
/** Beside the decay, which a plan names. */
const ADAM = { adam_beta1: 0.9, adam_beta2: 0.98, adam_epsilon: 1e-6, optim_args: null }
const SCRATCH_BYTES = 400 * 2 ** 20
const MASK_STREAM = 12

/**
 * @param folder of the stage: its state and its log
 * @param from the state of an earlier stage; weights alone are taken from it
 * @returns the file with the final state
 */
export async function pretrain(
  entries: readonly TokenEntry[],
  tokenizer: Tokenizer,
  plan: Plan,
  folder: string,
  from?: string,
): Promise<string> {
  const model = new StarterModel(tokenizer.idCount)
  const settings = { ...ADAM, weight_decay: plan.weightDecay }
  const slots = adamW.slots(settings)
  const parameters = await Parameters.reserve(model.parameters, { slots, scratchBytes: SCRATCH_BYTES })
  for (const { spec, values } of parameters.all()) initialize(spec, values, plan.seed)
  const runner = new StepRunner(model, parameters, tokenizer, plan.numThreads)
  const optimizer = adamW.create(settings)
  const probe = await Probe.create(model, tokenizer, plan)
  await mkdir(folder, { recursive: true })
  const stateFile = join(folder, STATE_FILE)
  if (from !== undefined) await readState(from, parameters, 'weights')
  let step = existsSync(stateFile) ? await readState(stateFile, parameters, 'all') : 0
  const [steps] = plan.rate.at(-1)!
  const log = await Log.open(join(folder, LOG_FILE), plan.stage, step)
  let [epoch, first] = [-1, 0]
  let batches: Batch[] = []
  let saved = performance.now()
  for (; step < steps; step++) {
    // Epochs are drawn from the start, so that a stage that goes on reads what it would have read.
    while (step - first >= batches.length) {
      first += batches.length
      batches = epochBatches(entries, plan.stage, plan.seed, ++epoch)
    }
    const started = performance.now()
    const batch = batches[step - first]!
    const losses = await runner.run(batch, new RandomStream(plan.seed, step, MASK_STREAM))
    const norm = globalNorm(parameters.blocks)
    if (!Number.isFinite(norm)) throw new Error(`diverged at step ${step}`)
    const learningRate = rateAt(step, plan)
    optimizer.step(parameters.blocks, { learningRate, step: step + 1, gradientScale: clipFactor(norm, 1) })
    log.add(batch, { ...losses, grad_norm: norm }, performance.now() - started)
    const done = step + 1
    const isLast = done === steps
    if (done % LOG_EVERY === 0 || isLast)
      await log.write({
        step: done,
        epoch: epoch + (done - first) / batches.length,
        learning_rate: learningRate,
      })
    if (done % PROBE_EVERY === 0 || isLast)
      await log.write({ step: done, probe_accuracy: await probe.accuracy(parameters) })
    if (isLast || performance.now() - saved > CHECKPOINT_EVERY_MS) {
      await writeState(stateFile, parameters, done)
      saved = performance.now()
    }
  }
  return stateFile
}

function rateAt(step: number, { rate }: Plan): number {
  const next = rate.findIndex(([corner]) => corner > step)
  const [[from, a], [to, b]] = [rate[next - 1]!, rate[next]!]
  return a + ((b - a) * (step - from)) / (to - from)
}

/** The training record: a line with means over the steps since the last one, on the terminal too. */
class Log {
  #steps = 0
  #tokens = 0
  #milliseconds = 0
  #sums: Record<string, number> = {}

  private constructor(
    readonly file: string,
    readonly stage: Stage,
  ) {}

  /** What an earlier attempt logged after the state it left is done again, and its lines with it. */
  static async open(file: string, stage: Stage, step: number): Promise<Log> {
    const lines = existsSync(file) ? (await readFile(file, 'utf8')).trimEnd().split('\n') : []
    const kept = lines.filter((line) => line !== '' && (JSON.parse(line) as { step: number }).step <= step)
    await writeFile(file, kept.map((line) => `${line}\n`).join(''))
    return new Log(file, stage)
  }

  add({ shape, items }: Batch, figures: Record<string, number>, milliseconds: number): void {
    for (const [name, value] of Object.entries(figures)) this.#sums[name] = (this.#sums[name] ?? 0) + value
    this.#tokens += items.reduce((n, { text }) => n + Math.min(text.ids.length + 2, shape.length), 0)
    this.#milliseconds += milliseconds
    this.#steps++
  }

  async write(values: Record<string, number>): Promise<void> {
    const means = Object.entries(this.#sums).map(([name, sum]) => [name, rounded(sum / this.#steps)])
    const line: Record<string, unknown> = {
      stage: this.stage,
      ...values,
      ...(Object.fromEntries(means) as Record<string, number>),
      ...(this.#steps > 0 && { tokens: this.#tokens, seconds: rounded(this.#milliseconds / 1000) }),
    }
    this.#steps = 0
    this.#tokens = 0
    this.#milliseconds = 0
    this.#sums = {}
    console.log(JSON.stringify(line))
    await appendFile(this.file, `${JSON.stringify(line)}\n`)
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}

/** Put in place whole: a stage that is cut off keeps the state before. */
async function writeState(file: string, parameters: Parameters, step: number): Promise<void> {
  const draft = `${file}.part`
  const handle = await open(draft, 'w')
  try {
    const sink = { write: (bytes: Uint8Array) => handle.writeFile(bytes) }
    await writeSafetensors(sink, [...tensors(parameters, 'all')], { step: String(step) })
  } finally {
    await handle.close()
  }
  await rename(draft, file)
}

/** @returns the step it stands at */
function readState(file: string, parameters: Parameters, part: 'weights' | 'all'): Promise<number> {
  return withSafetensors(file, async (reader) => {
    for (const { name, data } of tensors(parameters, part)) await reader.readFloat32(name, data)
    return Number(reader.metadata['step'])
  })
}

function* tensors(
  parameters: Parameters,
  part: 'weights' | 'all',
): Generator<NamedTensor & { data: Float32Array }> {
  for (const { spec, values, slotsAt, arena, length } of parameters.all()) {
    yield { name: spec.name, shape: spec.shape, data: values }
    if (part === 'all')
      for (const [i, slot] of adamW.slots({ ...ADAM, weight_decay: 0 }).entries())
        yield {
          name: `${slot.name}.${spec.name}`,
          shape: spec.shape,
          data: arena.float32(slotsAt[i]!, length),
        }
  }
}
