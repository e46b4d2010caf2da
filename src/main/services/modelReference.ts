/**
 * What a model name may mean: a folder (Hugging Face or bundle), a run by id or number, a checkpoint, or a model of the
 * Hub that was downloaded. The network is never asked.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { isHubName } from '../../shared/domain/hub'
import { isRandom, type ModelSource } from '../../shared/domain/runConfig'
import { problemOfModel, type Problem } from '../../shared/domain/tasks'
import { UserError } from '../../shared/errors'
import type { CheckpointId, RunId } from '../../shared/ids'
import { findDownloaded } from '../hub/record'
import { findCheckpoint, listCheckpoints } from '../store/queries/checkpoints'
import { findRun, findRunsLike } from '../store/queries/runs'
import type { RunRow } from '../store/rows'
import type { ServiceContext } from './context'
import { fromStored } from './home'
import { starterFolder } from './starters'

type Stored = Pick<ServiceContext, 'db' | 'home'>

export interface FoundModel {
  directory: string
  name: string
  /** The run it came from, where it is one of ours. */
  run: RunId | null
  /** The step of the checkpoint, where it is one. */
  step: number | null
  /** What it answers. */
  problem: Problem
}

/** A run by id, by the start of its id, or by number (`12`, `#12`). @throws UserError `not-found` */
export function findRunReference(ctx: Stored, reference: string): RunRow {
  const found = findRunsLike(ctx.db, reference)
  if (found.length === 1) return found[0]!
  if (found.length > 1)
    throw new UserError('bad-input', `More than one run starts with ${reference}.`, {
      hint: 'Give more letters of its id, or its number.',
    })
  throw new UserError('not-found', `There is no run ${reference}.`, {
    hint: 'tunesmith runs list shows them all.',
  })
}

/** Where a run starts from; null for random weights. @throws UserError as findModel and starterFolder do */
export function startingModel(ctx: Stored, model: ModelSource): FoundModel | null {
  if (typeof model === 'string') return findModel(ctx, model)
  if (isRandom(model)) return null
  return found(starterFolder(model.starter), model.starter)
}

/** @throws UserError `not-found`, `unsupported` (pickle) */
export function findModel(ctx: Stored, reference: string): FoundModel {
  const folder = resolve(reference)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return found(assertModelFolder(folder), basename(folder))
  const checkpoint = findCheckpoint(ctx.db, reference as CheckpointId)
  if (checkpoint) {
    const run = findRun(ctx.db, checkpoint.runId)!
    const directory = assertModelFolder(fromStored(ctx.home, checkpoint.path))
    return found(directory, `${run.name}, step ${checkpoint.step}`, {
      run: checkpoint.runId,
      step: checkpoint.step,
    })
  }
  const downloaded = findDownloaded(ctx.home.models, reference)
  if (downloaded) return found(assertModelFolder(downloaded.folder), downloaded.name)
  if (findRunsLike(ctx.db, reference).length === 0) throw unknownModel(reference, folder)
  const run = findRunReference(ctx, reference)
  return found(modelOfRun(ctx, run), run.name, { run: run.id as RunId, step: null })
}

function unknownModel(reference: string, folder: string): UserError {
  return isHubName(reference)
    ? new UserError('not-found', `${reference} is no folder, and no model downloaded from the Hub.`, {
        where: { file: folder },
        hint: `Download it first: tunesmith hub download ${reference.split('@')[0]!}`,
      })
    : new UserError('not-found', `${reference} is neither a folder nor a run.`, {
        where: { file: folder },
        hint: 'Give the folder of a model, the number of a run, the id of a checkpoint, or a downloaded model.',
      })
}

/** @throws UserError `corrupt` where config.json is not JSON */
function found(
  directory: string,
  name: string,
  from: Pick<FoundModel, 'run' | 'step'> = { run: null, step: null },
): FoundModel {
  const file = join(directory, 'config.json')
  try {
    const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    return { directory, name, ...from, problem: problemOfModel(config) }
  } catch (cause) {
    throw new UserError('corrupt', 'config.json cannot be read as JSON.', { where: { file }, cause })
  }
}

/** The model a run left, or its best or newest checkpoint. @throws UserError `not-found` */
export function modelOfRun(ctx: Stored, run: RunRow): string {
  const final = join(fromStored(ctx.home, run.run_dir), 'model')
  if (existsSync(join(final, 'config.json'))) return final
  const checkpoints = listCheckpoints(ctx.db, run.id as RunId)
  const ordered = [...checkpoints.filter((one) => one.isBest), ...checkpoints]
  for (const checkpoint of ordered) {
    const folder = fromStored(ctx.home, checkpoint.path)
    if (existsSync(join(folder, 'config.json'))) return folder
  }
  throw new UserError('not-found', `${run.name} has no saved model yet.`, {
    hint: 'Wait for its first checkpoint, or resume it.',
  })
}

/** @throws UserError naming what is missing; pickle files are refused, not opened */
export function assertModelFolder(folder: string): string {
  const has = (name: string) => existsSync(join(folder, name))
  if (has('adapter_config.json')) return folder
  if (!has('config.json'))
    throw new UserError('not-found', 'This folder holds no model: config.json is missing.', {
      where: { file: folder },
      hint: 'Choose the folder that holds config.json and model.safetensors.',
    })
  const isWhole = has('model.safetensors') || has('model.safetensors.index.json')
  const pickle = ['pytorch_model.bin', 'pytorch_model.bin.index.json', 'model.pt', 'model.bin'].find(has)
  if (!isWhole && pickle)
    throw new UserError('unsupported', `${pickle} is a pickle file, which can run code when it is opened.`, {
      where: { file: join(folder, pickle) },
      hint: 'Convert the model to safetensors (save_pretrained writes it) and use that folder.',
    })
  if (!isWhole)
    throw new UserError('not-found', 'This folder holds no weights: model.safetensors is missing.', {
      where: { file: folder },
    })
  return folder
}

/** As the history shows it. */
export function modelName(model: ModelSource, found: FoundModel | null): string {
  if (typeof model === 'string') return found?.name ?? basename(model)
  if (!isRandom(model)) return model.starter
  const { num_hidden_layers: layers, hidden_size: width } = model.config
  const size = typeof layers === 'number' && typeof width === 'number' ? ` ${layers} × ${width}` : ''
  return `${model.architecture}${size}, random weights`
}
