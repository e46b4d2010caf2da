import { z } from 'zod'
import type { Dataset, DatasetProfile, RejectedRow, RowsPage } from '../domain/dataset'
import type { JobId } from '../ids'
import { DatasetId, DatasetVersionId } from '../ids'
import { Derivation } from '../domain/derivation'
import { SourceSettings } from '../domain/sourceFormats'
import { call, event } from './define'

const Split = z.enum(['train', 'validation', 'test'])

/**
 * How splits are made where the file brings none: shares of validation and test, dealt at random, stratified by a
 * column, by whole groups of rows that share a value, or by time: the latest rows are test, those before them
 * validation.
 */
export const SplitRule = z.strictObject({
  validation: z.number().min(0).max(0.9),
  test: z.number().min(0).max(0.9),
  seed: z.int().min(0),
  stratifyBy: z.string().nullable(),
  groupBy: z.string().optional(),
  timeBy: z.string().optional(),
})
export type SplitRule = z.infer<typeof SplitRule>

export const datasets = {
  list: call(z.strictObject({})).returns<Dataset[]>(),
  /** Starts a job; its result names the dataset version. `path` may come from a dialog, a drop or the command line. */
  importFile: call(
    z.strictObject({
      path: z.string().min(1),
      name: z.string().nullable(),
      split: SplitRule.nullable(),
      settings: SourceSettings.optional(),
    }),
  ).returns<JobId>(),
  /** Pasted text, as CSV, TSV or JSONL. */
  importText: call(
    z.strictObject({
      text: z.string().min(1).max(50_000_000),
      name: z.string().nullable(),
      split: SplitRule.nullable(),
      settings: SourceSettings.optional(),
    }),
  ).returns<JobId>(),
  importSample: call(z.strictObject({ sample: z.literal('semantic-fields') })).returns<JobId>(),
  chooseFile: call(z.strictObject({})).returns<string | null>(),
  profile: call(z.strictObject({ version: DatasetVersionId })).returns<DatasetProfile>(),
  rows: call(
    z.strictObject({
      version: DatasetVersionId,
      offset: z.int().min(0),
      limit: z.int().min(1).max(500),
      split: Split.nullable(),
      search: z.string().max(500),
    }),
  ).returns<RowsPage>(),
  rejected: call(z.strictObject({ version: DatasetVersionId })).returns<RejectedRow[]>(),
  /** Writes all rejected rows that were kept as JSON lines to a file the user chooses; its path, null if none. */
  saveRejected: call(z.strictObject({ version: DatasetVersionId })).returns<string | null>(),
  /** Starts a job; its result names the new version of the same dataset. */
  derive: call(z.strictObject({ version: DatasetVersionId, recipe: Derivation })).returns<JobId>(),
  delete: call(z.strictObject({ dataset: DatasetId })).returns<{ freedBytes: number }>(),
  onChanged: event<Dataset>(),
  onDeleted: event<{ dataset: DatasetId }>(),
}
