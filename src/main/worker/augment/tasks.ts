/** The augmentation tasks and their results. */
import type { AugmentPreview, AugmentRecipe, AugmentReport } from '../../../shared/domain/augmentation'
import type { RejectedRow } from '../../../shared/domain/dataset'
import type { DatasetVersionId } from '../../../shared/ids'
import type { TaskResults } from '../protocol'

export interface RecipeToRun {
  recipe: AugmentRecipe
  /** Folders of the models by the names the recipe gives them. */
  models: Readonly<Record<string, string>>
  /** That make copies, where a recipe asks no model; null for the usual number. The copies are the same. */
  threads: number | null
}

export interface AugmentTask extends RecipeToRun {
  kind: 'augment'
  /** The sealed dataset version file that is augmented. */
  datasetFile: string
  version: DatasetVersionId
  /** Where the new version's file goes. */
  outputFile: string
}

/** Files in and out, no dataset version: all rows of `input` are training rows. */
export interface AugmentFileTask extends RecipeToRun {
  kind: 'augment-file'
  input: string
  /** Validation or test rows, which no copy may equal. */
  evaluation: string | null
  output: string
}

/** A sample of the copies a recipe makes, one a row. */
export interface AugmentPreviewTask extends RecipeToRun {
  kind: 'augment-preview'
  datasetFile: string
  rows: number
  turn: number
}

export type AugmentTasks = AugmentTask | AugmentFileTask | AugmentPreviewTask

export interface AugmentResults {
  augment: TaskResults['import'] & { report: AugmentReport }
  'augment-file': { report: AugmentReport; rows: number; refused: RejectedRow[] }
  'augment-preview': AugmentPreview
}
