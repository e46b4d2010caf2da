/** The models a recipe names, and where. */
import type { z } from 'zod'
import type { AugmentRecipe } from '../../shared/domain/augmentation'
import { MODEL_KINDS, type ModelKind } from './models'
import { augmenterNamed } from './registry'

export interface NamedModel {
  kind: ModelKind
  /** A starter, a folder, a run or a checkpoint. */
  reference: string
  /** Where the recipe names it. */
  field: string
}

/** Those of every step that is switched on. @param recipe as `parseRecipe` gives it */
export function namedModels(recipe: AugmentRecipe): NamedModel[] {
  return recipe.steps.flatMap(({ augmenter, parameters, enabled }, i) => {
    if (!enabled) return []
    const { shape } = augmenterNamed(augmenter, `steps.${i}.augmenter`).parameters
    return Object.entries(shape).flatMap(([name, schema]): NamedModel[] => {
      const { model: kind } = (schema as z.ZodType).meta() ?? {}
      const known = MODEL_KINDS.find((one) => one === kind)
      const reference = (schema as z.ZodType).parse(parameters[name])
      return known && typeof reference === 'string'
        ? [{ kind: known, reference, field: `steps.${i}.parameters.${name}` }]
        : []
    })
  })
}
