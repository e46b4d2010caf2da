/** Where a dataset version came from, said in a few words. */
import type { DatasetVersionId } from '../ids'
import type { AugmentedSource, DatasetVersion, DerivedSource } from './dataset'
import type { Derivation } from './derivation'

/** A source as lists need it: without the cells that were edited, of which there may be very many. */
export type BriefSource =
  | Exclude<DatasetVersion['source'], DerivedSource>
  | (Omit<DerivedSource, 'recipe'> & {
      recipe: Extract<Derivation, { kind: 'remove-leaks' }> | { kind: 'edit-cells' }
    })

/** The version it was made from; null where it was imported. */
export function madeFrom(source: BriefSource): DatasetVersionId | null {
  return 'version' in source ? source.version : null
}

/** The recipe that made it from another version; null where it was imported. */
export function madeBy(source: BriefSource): string | null {
  if (source.kind === 'augmentation') return copiesText(source)
  if (source.kind !== 'derived') return null
  const { recipe, rows } = source
  const times = `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`
  return recipe.kind === 'edit-cells'
    ? `${times} edited by hand`
    : `${times} removed from train, alike to held-out rows (${recipe.kinds.join(', ')})`
}

function copiesText({ recipe, report }: AugmentedSource): string {
  const steps = recipe.steps.filter(({ enabled }) => enabled).map(({ augmenter }) => augmenter)
  return `${report.kept.toLocaleString('en')} copies by ${recipe.name} (${steps.join(', ')}), seed ${recipe.seed}`
}
