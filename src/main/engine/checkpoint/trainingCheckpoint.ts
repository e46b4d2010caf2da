/**
 * A checkpoint of a run: a folder that loads as a Hugging Face model, and beside the weights everything that a resumed
 * run needs to go on with the same bits. Nothing random is stored: all draws are functions of seed and step.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import { type FolderWriter, removeFolder, verifyFolder, writeFolder } from './folderWriter'
import { ioError } from './ioError'
import { withSafetensors, writeSafetensors } from './safetensors'

const STATE_FOLDER = 'training_state'
const STATE_FILE = `${STATE_FOLDER}/state.json`
const OPTIMIZER_FILE = `${STATE_FOLDER}/optimizer.safetensors`
/** Names of checkpoint folders begin with this; the step follows. */
export const CHECKPOINT_PREFIX = 'checkpoint-'

/** JSON has no NaN and no infinities: they are stored as words. */
const anyNumber = z.codec(
  z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]),
  z
    .number()
    .or(z.nan())
    .or(z.literal([Infinity, -Infinity])),
  {
    decode: Number,
    encode: (x) => (Number.isFinite(x) ? x : (String(x) as 'NaN')),
  },
)

export const TrainState = z.object({
  version: z.literal(1),
  kind: z.enum(['saved', 'resume']),
  step: z.int().min(0),
  totalSteps: z.int().min(1),
  /** What the step still had to do when it was interrupted. */
  pending: z.object({ log: z.boolean(), evaluate: z.boolean(), save: z.boolean() }).nullable(),
  /** Whether what follows the step's epoch (its evaluation, its checkpoint) is still to come. */
  epochEndPending: z.boolean(),
  /** Sum of step losses since the last log line, and the step of that line. */
  lossSum: z.number(),
  lastLoggedStep: z.int().min(0),
  /** The last gradient norm and rate, for a log line at the end of an epoch. */
  lastGradNorm: z.number(),
  lastLearningRate: z.number(),
  rowsSeen: z.int().min(0),
  trainSeconds: z.number().min(0),
  schedule: z.record(z.string(), z.unknown()),
  best: z.object({ value: anyNumber, step: z.int().min(0) }).nullable(),
  /** Step of the checkpoint that holds the best weights, where it was saved. */
  bestCheckpointStep: z.int().min(0).nullable(),
  withoutImprovement: z.int().min(0),
  stopReason: z.string().nullable(),
  lastMetrics: z.record(z.string(), anyNumber).nullable(),
  lastEvaluatedStep: z.int().min(-1),
  /** What the bits depend on beside the configuration. */
  madeWith: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type TrainState = z.infer<typeof TrainState>

/** A tensor to save or to read into, under its name in optimizer.safetensors. */
export interface StateTensor {
  name: string
  shape: readonly number[]
  data: Float32Array
}

export interface CheckpointContents {
  state: TrainState
  optimizer: readonly StateTensor[]
  writeModel: (writer: FolderWriter) => Promise<void>
}

export function checkpointFolder(folder: string, step: number): string {
  return join(folder, `${CHECKPOINT_PREFIX}${step}`)
}

/** Writes `checkpoint-<step>` whole or not at all. Returns its path and size. */
export async function writeCheckpoint(
  folder: string,
  contents: CheckpointContents,
): Promise<{ path: string; sizeBytes: number }> {
  const path = checkpointFolder(folder, contents.state.step)
  const sizeBytes = await writeFolder(path, async (writer) => {
    await contents.writeModel(writer)
    await writer.file(OPTIMIZER_FILE, (sink) => writeSafetensors(sink, contents.optimizer))
    await writer.json(STATE_FILE, z.encode(TrainState, contents.state))
  })
  return { path, sizeBytes }
}

/** @throws UserError `corrupt` where a file was changed, or the folder is no checkpoint. */
export async function readTrainState(path: string): Promise<TrainState> {
  await verifyFolder(path)
  const file = join(path, STATE_FILE)
  try {
    return TrainState.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    throw new UserError('corrupt', 'The training state cannot be read.', {
      where: { file },
      hint: 'Use an earlier checkpoint.',
      cause: error,
    })
  }
}

/** Fills the tensors from a checkpoint. @throws UserError `corrupt` where one is missing or has another shape. */
export async function readOptimizer(path: string, tensors: readonly StateTensor[]): Promise<void> {
  const file = join(path, OPTIMIZER_FILE)
  await withSafetensors(file, async (reader) => {
    for (const { name, shape, data } of tensors) {
      if (reader.tensors.get(name)?.shape.join() !== shape.join())
        throw new UserError('corrupt', `The optimizer state of ${name} is missing or has another shape.`, {
          where: { file },
          hint: 'This checkpoint is of another model.',
        })
      await reader.readFloat32(name, data)
    }
  })
}

export interface FoundCheckpoint {
  step: number
  path: string
}

/** Finished checkpoints, oldest first. */
export async function listCheckpoints(folder: string): Promise<FoundCheckpoint[]> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw ioError(error, folder)
  }
  return names
    .flatMap((name) => {
      const step = name.startsWith(CHECKPOINT_PREFIX) ? Number(name.slice(CHECKPOINT_PREFIX.length)) : NaN
      return Number.isInteger(step) ? [{ step, path: join(folder, name) }] : []
    })
    .sort((a, b) => a.step - b.step)
}

/** The first of these checkpoints whose files are all what was written. `onDamaged` is told of those before it. */
export async function firstSound(
  paths: readonly string[],
  onDamaged: (path: string, why: UserError) => void = () => undefined,
): Promise<string | undefined> {
  for (const path of paths) {
    try {
      await readTrainState(path)
      return path
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      onDamaged(path, error)
    }
  }
  return undefined
}

/** Whether it is the two-minute safety point rather than one that was asked for. */
export async function isResumePoint(path: string): Promise<boolean> {
  const text = await readFile(join(path, STATE_FILE), 'utf8').catch(() => '{}')
  return (JSON.parse(text) as { kind?: unknown }).kind === 'resume'
}

export interface Rotation {
  saveTotalLimit: number | null
  /** Step of the best weights, never deleted. */
  bestStep: number | null
}

/**
 * Deletes resume points older than the newest checkpoint, and saved ones beyond the limit, oldest first; the newest
 * and the best stay (Transformers' rotate_checkpoints). Returns what was deleted.
 */
export async function rotateCheckpoints(
  folder: string,
  { saveTotalLimit, bestStep }: Rotation,
): Promise<string[]> {
  const all = await listCheckpoints(folder)
  const newest = all.at(-1)
  const deleted: string[] = []
  const saved: FoundCheckpoint[] = []
  for (const checkpoint of all) {
    if (!(await isResumePoint(checkpoint.path))) saved.push(checkpoint)
    else if (checkpoint !== newest && checkpoint.step !== bestStep) deleted.push(checkpoint.path)
  }
  if (saveTotalLimit !== null) {
    const isKept = (c: FoundCheckpoint) => c === saved.at(-1) || c.step === bestStep
    const keep = Math.max(saveTotalLimit, saved.filter(isKept).length)
    let excess = saved.length - keep
    for (const checkpoint of saved) {
      if (excess <= 0) break
      if (isKept(checkpoint)) continue
      deleted.push(checkpoint.path)
      excess--
    }
  }
  for (const path of deleted) await removeFolder(path)
  return deleted
}
