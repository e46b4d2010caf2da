/**
 * The layout of a dataset version file: one immutable SQLite database. `rows.cells` is a JSON list in the order of
 * `meta.columns` (shorter where the last columns are null); `rows.split` is an index into SPLITS.
 */
import { z } from 'zod'
import type { CellValue, DatasetVersion, Split } from '../../../shared/domain/dataset'

export const SPLITS: readonly Split[] = ['train', 'validation', 'test']

export const FILE_VERSION = 1

export const CREATE_TABLES = `
  CREATE TABLE rows (
    ordinal INTEGER PRIMARY KEY,
    source_row INTEGER NOT NULL,
    split INTEGER NOT NULL,
    cells TEXT NOT NULL
  ) STRICT;
  CREATE TABLE rejected (source_row INTEGER NOT NULL, field TEXT, reason TEXT NOT NULL, excerpt TEXT NOT NULL) STRICT;
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`
export const CREATE_INDEX = 'CREATE INDEX rows_by_split ON rows (split, ordinal)'

const Counts = z.object({ train: z.number(), validation: z.number(), test: z.number() })

/** What `meta` holds, as far as it is not the writer's own business. */
export const VersionMeta = z.object({
  columns: z.array(z.string()),
  rows: Counts,
  rejected: z.number(),
  /** SHA-256 over columns, rows and their splits. */
  sha256: z.string(),
  source: z.custom<DatasetVersion['source']>((value) => typeof value === 'object' && value !== null),
  splitRule: z.string(),
})
export type VersionMeta = z.infer<typeof VersionMeta>

/** A row on its way into a version file; `split` null where a rule will decide. */
export interface NewRow {
  sourceRow: number
  split: Split | null
  cells: Record<string, CellValue>
}

export interface StoredRow {
  ordinal: number
  sourceRow: number
  split: Split
  cells: Record<string, CellValue>
}
