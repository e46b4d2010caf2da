import { z } from 'zod'
import type { AugmenterInfo, AugmentPreview, AugmentRecipe } from '../domain/augmentation'
import { ComparisonSettings } from '../domain/augmentComparison'
import type { JobId } from '../ids'
import { DatasetVersionId } from '../ids'
import { call } from './define'

/** As a person has it so far: main checks it and names the field that is wrong. */
const RawRecipe = z.record(z.string(), z.unknown())
const OfVersion = z.strictObject({ version: DatasetVersionId, recipe: RawRecipe })

export const augment = {
  /** Every augmenter with the schema of its parameters: what the editor is drawn from. */
  catalog: call(z.strictObject({})).returns<AugmenterInfo[]>(),
  /** The recipe with every default written out. */
  check: call(z.strictObject({ recipe: RawRecipe })).returns<AugmentRecipe>(),
  /** Copies of some rows, one a row; another `turn`, other rows. A later call ends an earlier one. */
  preview: call(
    OfVersion.extend({ rows: z.int().min(1).max(500), turn: z.int().min(0) }),
  ).returns<AugmentPreview>(),
  /** Starts a job; its result names the new version. */
  apply: call(OfVersion).returns<JobId>(),
  /** Starts a job; its result holds an AugmentComparison as JSON. */
  compare: call(OfVersion.extend({ settings: ComparisonSettings })).returns<JobId>(),
}
