/** Where the models lie that a recipe names. */
import type { AugmentRecipe } from '../../shared/domain/augmentation'
import { STARTERS } from '../../shared/domain/starters'
import { UserError } from '../../shared/errors'
import { namedModels } from '../augment/namedModels'
import { findModel } from './modelReference'
import type { ServiceContext } from './context'
import { starterFolder } from './starters'

/** Folders by the name the recipe gives the model. @throws UserError `not-found` naming the parameter */
export function modelFolders(
  ctx: Pick<ServiceContext, 'db' | 'home'>,
  recipe: AugmentRecipe,
): Record<string, string> {
  const folders: Record<string, string> = {}
  for (const { reference, field } of namedModels(recipe)) {
    try {
      folders[reference] = STARTERS.some(({ name }) => name === reference)
        ? starterFolder(reference)
        : findModel(ctx, reference).directory
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      throw UserError.from({ ...error.toData(), where: { ...error.where, field } })
    }
  }
  return folders
}
