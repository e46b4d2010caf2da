/** Where the models lie that a recipe names. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { AugmentRecipe } from '../../shared/domain/augmentation'
import { STARTERS } from '../../shared/domain/starters'
import { UserError } from '../../shared/errors'
import { namedModels, type NamedModel } from '../augment/namedModels'
import type { ServiceContext } from './context'
import { findModel } from './modelReference'
import { starterFolder } from './starters'

type Stored = Pick<ServiceContext, 'db' | 'home'>

/** Folders by the name the recipe gives the model. @throws UserError `not-found` naming the parameter */
export function modelFolders(ctx: Stored, recipe: AugmentRecipe): Record<string, string> {
  const folders: Record<string, string> = {}
  for (const named of namedModels(recipe)) {
    try {
      folders[named.reference] = folderOf(ctx, named)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      throw UserError.from({ ...error.toData(), where: { ...error.where, field: named.field } })
    }
  }
  return folders
}

function folderOf(ctx: Stored, { kind, reference }: NamedModel): string {
  if (kind === 'seq2seq-lm') return foreignFolder(reference)
  if (STARTERS.some(({ name }) => name === reference)) return starterFolder(reference)
  return findModel(ctx, reference).directory
}

/** What lies in it, the engine checks file by file. */
function foreignFolder(reference: string): string {
  const hint =
    'Choose the folder of a translation or text-to-text model as transformers.js reads it: config.json, generation_config.json, tokenizer.json, onnx/encoder_model.onnx and onnx/decoder_model_merged.onnx.'
  if (reference === '') throw new UserError('bad-config', 'This step needs a model.', { hint })
  const folder = resolve(reference)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder
  throw new UserError('not-found', 'There is no such folder.', { where: { file: folder }, hint })
}
