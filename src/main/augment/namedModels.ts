/** The models a recipe names, and where. */
import type { z } from 'zod'
import { MODEL_KINDS, type AugmentRecipe, type ModelKind } from '../../shared/domain/augmentation'
import { augmenterNamed } from './registry'

export interface NamedModel {
  kind: ModelKind
  /** A starter, a folder, a run or a checkpoint. */
  reference: string
  /** Where the recipe names it. */
  field: string
}

/** Those of every step that is switched on, then those of the gates. @param recipe as `parseRecipe` gives it */
export function namedModels(recipe: AugmentRecipe): NamedModel[] {
  return [...modelsOfSteps(recipe), ...modelsOfGates(recipe)]
}

function modelsOfGates({ gates }: AugmentRecipe): NamedModel[] {
  const { same_label, min_similarity, similarity_model, max_perplexity_ratio, language_model } = gates
  const named = (kind: ModelKind, reference: string, gate: string) => [
    { kind, reference, field: `gates.${gate}` },
  ]
  return [
    ...(same_label === null ? [] : named('classifier', same_label, 'same_label')),
    ...(min_similarity === null ? [] : named('encoder', similarity_model, 'similarity_model')),
    ...(max_perplexity_ratio === null ? [] : named('masked-lm', language_model, 'language_model')),
  ]
}

function modelsOfSteps({ steps }: AugmentRecipe): NamedModel[] {
  return steps.flatMap(({ augmenter, parameters, enabled }, i) => {
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
