/** Datasets: an imported table, its immutable versions, what each column holds and which rows were refused. */
import type { AugmentRecipe, AugmentReport } from './augmentation'
import type { DatasetId, DatasetVersionId } from '../ids'
import type { Derivation } from './derivation'
import type { LeakReport } from './leaks'

export type Split = 'train' | 'validation' | 'test'
export type CellValue = string | number | boolean | null | CellValue[]
export type ColumnType = 'text' | 'category' | 'number' | 'boolean' | 'list' | 'empty'
export type ColumnRole = 'text' | 'text_pair' | 'label' | 'tokens' | 'tags'

export interface LengthSummary {
  min: number
  median: number
  p95: number
  max: number
}

export interface ColumnProfile {
  name: string
  type: ColumnType
  /** The role a first look suggests, with the reason in words. */
  suggestedRole: ColumnRole | null
  suggestedBecause: string | null
  empty: number
  distinct: number
  characters: LengthSummary | null
  /** Of lists: their items. */
  words: LengthSummary | null
  /** Most frequent values of a category, or items of lists, at most 50, most frequent first. */
  values: { value: string; count: number; bySplit: Partial<Record<Split, number>> }[]
}

export interface RejectedRow {
  row: number
  field: string | null
  reason: string
  /** The offending text, at most 200 characters. */
  excerpt: string
}

export interface DatasetVersion {
  id: DatasetVersionId
  datasetId: DatasetId
  number: number
  createdAtMs: number
  rows: Record<Split, number>
  rejected: number
  sha256: string
  /** Where it came from: file and reader settings, the built-in sample, or another version and a recipe. */
  source:
    | { kind: 'file'; path: string; format: string; encoding: string; delimiter?: string }
    | { kind: 'sample'; name: string }
    | AugmentedSource
    | DerivedSource
  /** How the splits were made. */
  splitRule: string
  sizeBytes: number
}

/** A version made from another: its training rows, and copies of them that name their source's row. */
export interface AugmentedSource {
  kind: 'augmentation'
  version: DatasetVersionId
  /** Of the source version. */
  sha256: string
  recipe: AugmentRecipe
  report: AugmentReport
}

/** A version made from another by a recipe that can be carried out again. */
export interface DerivedSource {
  kind: 'derived'
  version: DatasetVersionId
  /** Of the source version. */
  sha256: string
  recipe: Derivation
  /** Rows removed or changed. */
  rows: number
}

export interface Dataset {
  id: DatasetId
  name: string
  createdAtMs: number
  latest: DatasetVersion
  /** All of them, the newest first. */
  versions: VersionSummary[]
}

/** A version among those of its dataset. */
export interface VersionSummary {
  id: DatasetVersionId
  number: number
  createdAtMs: number
  rows: Record<Split, number>
  sizeBytes: number
  kind: DatasetVersion['source']['kind']
  /** The version it was made from; null where it was imported. */
  from: DatasetVersionId | null
  /** The recipe that made it, in a few words; null where it was imported. */
  madeBy: string | null
}

export interface DatasetProfile {
  version: DatasetVersion
  columns: ColumnProfile[]
  duplicates: number
  warnings: string[]
  /** Absent from profiles of earlier versions of the studio, and where no column looks like text. */
  leaks?: LeakReport
}

export interface RowsPage {
  offset: number
  total: number
  rows: { ordinal: number; split: Split; cells: Record<string, CellValue> }[]
}
